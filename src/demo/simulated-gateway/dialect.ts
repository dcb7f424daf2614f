import type { IncomingHttpHeaders } from 'node:http';
import type { ReceiptState } from '../../domain/receipt.js';

/** How the simulated gateway speaks like one provider, in both directions. */
export interface Dialect {
  /**
   * Reads a request to the provider's API. Undefined: it is not the request that sends a text. A response: the request
   * is refused, for example because the key is missing.
   */
  readonly readSend: (request: ApiRequest) => AskedText | ApiResponse | undefined;
  /** The provider's response to a text that it accepted. */
  readonly accepted: (text: SentText) => ApiResponse;
  /** The provider's body of an error with this status. */
  readonly failed: (status: number) => object;
  /** The post by which the provider brings a text, with its real signature. */
  readonly postOfText: (text: WrittenText) => WebhookPost;
  /**
   * The posts by which the provider says what became of a text. Several: one for each part. None: the provider has no
   * such receipt.
   */
  readonly postsOfReceipt: (text: SentText, state: ReceiptState) => WebhookPost[];
}

export interface ApiRequest {
  method: string;
  pathname: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ApiResponse {
  status: number;
  body: object;
}

/** What a request asks to send. */
export interface AskedText {
  to: string;
  text: string;
  /** The number, phone or SIM by which it leaves, where the request names one. */
  from?: string;
  /** Our id of the send, where the request has one. */
  mark?: string;
  /** Where receipts are posted, where the request says so. Default: the webhook. */
  receiptsUrl?: string;
}

/** A text that a person writes to the service. */
export interface WrittenText {
  number: string;
  text: string;
  /** The provider's id of it. */
  guid: string;
  /** When the phone received it. */
  at: Date;
}

export interface WebhookPost {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A text that the simulated gateway accepted. The gateway never deduplicates: each accepted request adds one. */
export interface SentText {
  id: string;
  to: string;
  text: string;
  /** The number, phone or SIM by which it leaves, where the request named one. */
  from?: string | undefined;
  /** The sender's id of this send, where the request had one. */
  mark?: string | undefined;
  /** Where its receipts are posted, where the request said so. */
  receiptsUrl?: string | undefined;
  /** ISO 8601. */
  at: string;
}
