import type { InboundMessage } from '../../src/domain/message.js';
import type { ReceiptState, RefusedNumber } from '../../src/domain/receipt.js';
import type { Gateway, GatewaySettings, OutboundReply, RequestHead, SentReply } from '../../src/gateways/gateway.js';

/**
 * What the contract test needs to know about a gateway. `test/gateways/<name>/contract-cases.ts` exports it as `cases`.
 * A part that a provider doesn't have is `'none'`, never left out.
 */
export interface ContractCases {
  gateway: Gateway;
  /** Of an account of its own, not of the simulated one. The contract test sets another `url` to send to. */
  settings: GatewaySettings;
  /** The values of its variables, as an operator sets them: `settings` are read from them. */
  environment: Readonly<Record<string, string>>;
  /** The variables that must be set, each named by a problem when it is missing and others are set. */
  requiredVariables: readonly string[];
  /** What no error may contain, beside number and text of `reply`: the keys of the account. */
  secrets: readonly string[];
  signature: SignatureCases;
  bodies: BodyCases;
  /** Where the id of a message is the provider's own, without the name of the gateway in front. */
  ids: 'prefixed' | 'unchanged';
  reply: OutboundReply;
  /** The response that accepts `reply`, and what `send` then returns. */
  success: ResponseCase & { sent: SentReply };
  /** Every row of the provider's error table. */
  responses: Readonly<Record<string, FailedResponseCase>>;
  /** Whether a repeated request never sends a second SMS. */
  isRepeatable: boolean;
  receipts: ReceiptCases | 'none';
  lookUp: LookUpCases | 'none';
}

/** How to make signatures, and how to break them. */
interface SignatureCases {
  /** A signed text, as the provider's documentation or library has it. */
  vector: { body: string; target: string; headers: Readonly<Record<string, string>>; at: Date };
  /** Returns the headers by which the provider signs a post to this path and query at this time. */
  sign: (body: string | Buffer, to: { target: string; at: Date; settings?: GatewaySettings }) => Record<string, string>;
  /** How long a signature is valid. `'none'`: it has no time in it. */
  validForMs: number | 'none';
  /** Whether the body is signed. If not: settings with which the gateway asks the provider for the text. */
  body: 'signed' | { confirmedWith: GatewaySettings };
  /** Of the same account with another secret. */
  otherSecret: GatewaySettings;
}

/** A post, and a part of the one message in it. */
export interface BodyCase {
  body: string;
  message: Partial<InboundMessage>;
}

interface BodyCases {
  optionalFieldsAbsent: BodyCase;
  unknownFields: BodyCase;
  emptyText: BodyCase;
  nameAsSender: BodyCase;
  /** A text of 70 kB, `longText`. */
  long: BodyCase;
  /** `'none'`: the provider has no texts to several people. */
  severalRecipients: BodyCase | 'none';
  /** A post that can't be read. */
  unreadable: { body: string; status: 400 | 422 } | 'none';
}

/** 70 kB in UTF-8, and fewer than 40,000 characters. */
export const longText = '👍'.repeat(17_500);

export interface ResponseCase {
  status: number;
  /** A string is sent unchanged, any other value as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

export interface FailedResponseCase extends ResponseCase {
  error: 'ReplyRejectedError' | 'ReplyNotSentError' | 'ReplyMaybeSentError';
  /** What the refusal says about the number. */
  number?: RefusedNumber;
}

interface PostedReceipt {
  body: string;
  query?: RequestHead['query'];
}

export interface ReceiptCases {
  mark: string;
  /** Returns a receipt with one of `statuses`, for a send with this mark, or for one that wasn't ours. */
  post: (status: string, mark: string | undefined) => PostedReceipt;
  /** Every status of the provider, and what it says. `'none'`: it says nothing. */
  statuses: Readonly<Record<string, ReceiptState | 'none'>>;
}

/** Answers to the question about `reply`. */
export interface LookUpCases {
  found: ResponseCase;
  sent: SentReply;
  absent: ResponseCase;
  /** The same number, and another text or another mark. */
  halfFound: ResponseCase;
}

/** The parts of `ContractCases`, for the test that none is missing: vitest doesn't check types. */
export const caseNames = {
  cases: [
    ...['gateway', 'settings', 'environment', 'requiredVariables', 'secrets', 'signature', 'bodies', 'ids', 'reply'],
    ...['success', 'responses', 'isRepeatable', 'receipts', 'lookUp'],
  ],
  signature: ['vector', 'sign', 'validForMs', 'body', 'otherSecret'],
  bodies: [
    ...['optionalFieldsAbsent', 'unknownFields', 'emptyText', 'nameAsSender', 'long', 'severalRecipients'],
    'unreadable',
  ],
} as const;
