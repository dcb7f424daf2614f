import type { z } from 'zod';
import type { Post } from '../domain/intake.js';
import type { SenderOf } from '../domain/sender.js';
import type { Variable } from '../variables/variable.js';

/**
 * An SMS provider, both directions. Each gateway has its own folder, which exports one object of this type;
 * `registry.ts` lists them. See docs/adding-a-gateway.md.
 */
export interface Gateway {
  /** The name in messages, logs and metrics: lower case. */
  readonly name: string;
  /** The name for people. */
  readonly title: string;
  /** Its environment variables. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** The names of variables that messages to operators mention. */
  readonly variableNames: { readonly key: string; readonly url: string; readonly secrets: readonly string[] };
  /** The header of a post that has the secret `Credentials.token`, and the variable that sets this secret. */
  readonly secretHeader: { readonly name: string; readonly variable: string };
  /** Who confirms a STOP: this app, or the provider itself, so that there is no second confirmation. */
  readonly optOutBy: 'app' | 'provider';
  /** Reads the settings from the parsed variables; `problems` has a line for each variable that contradicts another. */
  readSettings(values: Readonly<Record<string, unknown>>): { settings: GatewaySettings; problems: string[] };
  /** Creates the inbound side. */
  createInbound(options: { credentials: Credentials; senderOf: SenderOf }): Inbound;
  /** The webhook route, as described in /openapi.json. */
  readonly description: RouteDescription;
  /**
   * Creates the outbound side.
   *
   * @throws {TypeError} when the URL is not http or https
   */
  createOutbound(account: Account): Outbound;
}

/** The account at the provider. */
export interface Account {
  apiKey: string;
  /** Base of the provider's API, with or without a path and a trailing slash. */
  url: string;
  /** The timeout of one send, from connecting to the last byte of the response; default: the gateway's own. */
  timeoutMs?: number;
}

/** The secrets by which a post is verified. With neither, every post is accepted. */
export interface Credentials {
  /** A secret that the provider sends with each post. */
  token?: string | undefined;
  /** The keys that the provider signs with; a signature by any of them is valid. */
  signingSecrets: readonly string[];
}

export interface GatewaySettings {
  /** Absent: replies go to the simulated gateway. */
  apiKey: string | undefined;
  url: string;
  credentials: Credentials;
}

/** The parts of a request that are known before its body is read. */
export interface RequestHead {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  query: Readonly<Record<string, string | string[] | undefined>>;
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
   * @throws {ProblemError} 400 when it is not JSON, 422 when it has an unexpected form
   */
  read(body: Buffer, acceptedAt: Date): Post;
  /** Returns the body of the 200 that acknowledges a post. */
  acknowledge(post: Post): object;
  /** Returns the body of the 200 for the GET with which a provider probes the route. */
  probe(now: Date): object;
  /** Finds the GUID and the number in a quarantined post, as far as possible. Operators see them in a list. */
  namesIn(raw: Uint8Array): { guid?: string | undefined; number?: string | undefined };
  /**
   * Returns the post with some fields replaced.
   *
   * @throws {ProblemError} when it is a batch: its messages can't be changed one by one
   */
  correct(raw: Uint8Array, corrections: Corrections): Buffer;
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
  /** The parameter of the second path, `{path}/{token}`. */
  pathToken: object;
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
  text: string;
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
}
