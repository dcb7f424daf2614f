import type { z } from 'zod';
import type { Post } from '../domain/intake.js';
import type { RefusedNumber } from '../domain/receipt.js';
import type { SenderOf } from '../domain/sender.js';
import type { Variable } from '../variables/variable.js';
import type { GatewayAdmin } from './admin.js';

/**
 * An SMS provider, both directions. Each gateway has its own folder, which exports one object of this type;
 * `registry.ts` lists them. See docs/adding-a-gateway.md.
 */
export interface Gateway<Settings extends GatewaySettings = GatewaySettings> {
  /** The name in messages, logs and metrics: lower case. */
  readonly name: string;
  /** The name for people. */
  readonly title: string;
  /** Its environment variables. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** The names of variables that messages to operators mention. */
  readonly variableNames: { readonly key: string; readonly url: string; readonly secrets: readonly string[] };
  /** How to post a text by hand, where that needs no signature. */
  postByHand?(settings: Settings): PostByHand;
  /** Whether the provider knows a send by its mark: then one of unknown outcome is repeated. Default: no. */
  readonly isRepeatable?: boolean;
  /**
   * Reads the settings from the parsed variables of all of Answerback. No settings: none of its variables is set.
   * `problems` has a line for each variable that is missing or contradicts another.
   */
  readSettings(values: Values): { settings?: Settings; problems: string[] };
  /**
   * Returns the settings of an account at the simulated gateway. Nothing in them is secret.
   *
   * @param url of the simulated gateway's API
   * @param publicUrl the base of the webhook, without a slash at its end
   */
  simulatedSettings(url: string, publicUrl: string): Settings;
  /** Creates the inbound side. */
  createInbound(settings: Settings, options: InboundOptions): Inbound;
  /** The webhook route, as described in /openapi.json. */
  readonly description: RouteDescription;
  /** Creates the outbound side. */
  createOutbound(settings: Settings): Outbound;
  /** How the account is set up and checked, for `answerback connect` and `answerback doctor`. */
  manage?(settings: Settings): GatewayAdmin;
}

export interface PostByHand {
  /** Such as `X-Webhook-Secret: $WEBHOOK_SECRET`. */
  headers: readonly string[];
  body: string;
  /** What the operator has to do before. */
  todo?: string;
}

/** The parsed variables, by their names; one that is not set has its default, or is undefined. */
export type Values = Readonly<Record<string, unknown>>;

/** What is common to the settings of all gateways. */
export interface GatewaySettings {
  /** Base of the provider's API, or of the simulated gateway, with or without a path and a trailing slash. */
  url: string;
  /** Whether replies go to the simulated gateway. */
  simulated: boolean;
  /** Whether there is a secret to verify posts by. Without one there is no route, but for a trial on loopback. */
  hasSecret: boolean;
}

export interface InboundOptions {
  senderOf: SenderOf;
  /** The first secret of ANSWERBACK_SECRET. It keys the hash of an id that would reveal a number or a text. */
  secret: string;
}

/** The parts of a request that are known before its body is read. */
export interface RequestHead {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  query: Readonly<Record<string, string | string[] | undefined>>;
  /** The path and query as they were received, such as `/api/webhook/twilio?line=front`. */
  target: string;
  /** The last part of the path, after the route; absent when there is none. */
  pathToken?: string | undefined;
}

/**
 * `verified`: read the body. `refused`: answer 401. A function: read the body, and call it to verify the body's
 * signature.
 */
export type Verification = 'verified' | 'refused' | ((body: Buffer) => boolean);

/** The fields that an operator changes in a message before it is read again. */
export interface Corrections {
  guid?: string | undefined;
  number?: string | undefined;
  message?: string | undefined;
}

/** The inbound side of a gateway. */
export interface Inbound {
  /** Verifies that the provider sent this request. Compares in constant time. */
  verify(head: RequestHead): Verification;
  /**
   * Parses the body of one request.
   *
   * @param query of the request; empty when the body comes from the quarantine
   * @throws {ProblemError} 400 when it can't be parsed, 422 when it has an unexpected form
   */
  read(body: Buffer, acceptedAt: Date, query: RequestHead['query']): Post;
  /**
   * Asks the provider for the messages of a post, for providers whose signature doesn't cover the body. Only after
   * `read`, and before anything is stored.
   *
   * @throws {ProblemError} 503 when the provider doesn't respond, so that it posts again
   */
  confirm?(post: Post): Promise<Post>;
  /**
   * Whether a post without a valid message gets a 4xx, for posts that people write too. Default: a 200, since the post
   * is in quarantine, and the provider would only post it again.
   */
  refusesInvalid?: boolean;
  /** Returns the body of the 200 that acknowledges a post: an object is sent as JSON, a string as XML. */
  acknowledge(post: Post): object | string;
  /** Returns the body of the 200 for the GET with which a provider probes the route. */
  probe(now: Date): object;
  /** Finds the id and the number in a quarantined post, as far as possible. Operators see them in a list. */
  namesIn(raw: Uint8Array): { guid?: string | undefined; number?: string | undefined };
  /**
   * Returns the post with some fields replaced.
   *
   * @throws {ProblemError} when it is a batch: its messages can't be changed one by one
   */
  correct?(raw: Uint8Array, corrections: Corrections): Buffer;
}

/** The part of /openapi.json about a gateway's route. Schemas are listed by component name. */
export interface RouteDescription {
  /** The absolute path, such as `/api/webhook/sms-received`. */
  path: string;
  /**
   * The end of the names of its schemas and operations, which makes them unique in the document. The names in `posts`
   * and `securitySchemes` must be unique too.
   */
  idSuffix: string;
  /** The ways to authenticate, as the end of a sentence in the introduction of the document. */
  authentication: string;
  /** The media type of a post. Default: JSON. */
  postType?: 'application/x-www-form-urlencoded';
  /** The formats of a post; any of them is accepted. */
  posts: Readonly<Record<string, z.ZodType>>;
  postExamples: Readonly<Record<string, object>>;
  acknowledgement: z.ZodType;
  acknowledgementExamples: Readonly<Record<string, object>>;
  probe: z.ZodType;
  probeExample: object;
  securitySchemes: Readonly<Record<string, object>>;
  /** The alternatives to authenticate; one is enough. */
  security: ReadonlyArray<Record<string, string[]>>;
  /** The parameter of the second path, `{path}/{token}`. Absent: there is no such path. */
  pathToken?: object;
  /** The headers of a 401. */
  challenge: Readonly<Record<string, string>>;
}

/** The outbound side of a gateway. */
export interface Outbound {
  /** The name of the gateway. */
  readonly name: string;
  /**
   * Sends one reply in one request. It never retries and follows no redirect.
   *
   * @throws {ReplyRejectedError} when the provider refused it: sending the same again changes nothing
   * @throws {ReplyNotSentError} when it was certainly not sent: try again later
   * @throws {ReplyMaybeSentError} in any other case once a byte of the request was written: the provider may have sent
   * it
   */
  send(reply: OutboundReply, signal: AbortSignal): Promise<SentReply>;
  /**
   * Asks the provider about a send that ended with ReplyMaybeSentError, by its mark; only for providers that
   * support it. Return `not sent` only when that is certain: the reply is then sent again.
   */
  lookUp?(reply: OutboundReply, signal: AbortSignal): Promise<SentReply | 'not sent' | 'unknown'>;
}

export interface OutboundReply {
  /** The number that the text came from. */
  to: string;
  /** The number that was texted, where the gateway told it: the reply leaves by it. */
  from?: string | undefined;
  /** The phone or SIM that was texted, as the inbound side wrote it into the message. */
  line?: string | undefined;
  text: string;
  /** How long the reply is still worth sending, in milliseconds: providers and phones may queue it so long. */
  validForMs: number;
  /** Whether it passes the queue of a phone: the confirmation of a STOP. */
  isUrgent: boolean;
  /** Our id of this send: the same on automatic tries, a new one when an operator sends again. */
  mark: string;
}

export interface SentReply {
  /** The provider's id of the reply; absent when it returned none. */
  gatewayMessageId?: string;
}

/** The provider refused the reply for good: 3xx, 4xx but 429, or an error inside a 200. */
export class ReplyRejectedError extends Error {
  override readonly name = 'ReplyRejectedError';
  /** Undefined when the refusal says nothing about the number. */
  readonly number: RefusedNumber | undefined;

  constructor(message: string, options?: ErrorOptions & { number?: RefusedNumber | undefined }) {
    super(message, options);
    this.number = options?.number;
  }
}

/**
 * The reply was certainly not sent: no connection, 429, or a status that the provider documents as not taken. A 503
 * alone is no proof: a proxy may have written it after it had passed the request on.
 */
export class ReplyNotSentError extends Error {
  override readonly name = 'ReplyNotSentError';
  /** The Retry-After of the provider, in milliseconds; undefined when it sent none. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: ErrorOptions & { retryAfterMs?: number | undefined }) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** A byte of the request was written, and the outcome is unknown. */
export class ReplyMaybeSentError extends Error {
  override readonly name = 'ReplyMaybeSentError';
  /** Whether the same request can be repeated without a second SMS: the provider knows its mark. */
  readonly isRepeatable: boolean;

  constructor(message: string, options?: ErrorOptions & { isRepeatable?: boolean }) {
    super(message, options);
    this.isRepeatable = options?.isRepeatable ?? false;
  }
}
