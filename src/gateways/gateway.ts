/** A provider of SMS: sends a reply. Adding a provider is adding a file that implements this. */
export interface Gateway {
  /** The provider's name as it stands in messages and logs, lower case. */
  readonly name: string;
  /**
   * Sends one text, once: an adapter never retries and follows no redirect.
   *
   * @throws {ReplyRejectedError} the provider said no: sending the same again changes nothing
   * @throws {ReplyNotSentError} it surely was not sent: try again later
   * @throws {ReplyMaybeSentError} anything else once a byte of the request was written: the provider may have it
   */
  send(reply: OutboundReply, signal: AbortSignal): Promise<SentReply>;
  /**
   * What the provider says of a send that ended as ReplyMaybeSentError, by its idempotency key; only for providers that can be
   * asked. `not sent` must be certain: the reply is then sent again.
   */
  lookUp?(reply: OutboundReply, signal: AbortSignal): Promise<SentReply | 'not sent' | 'unknown'>;
}

export interface OutboundReply {
  /** The number that wrote in. */
  to: string;
  text: string;
  /** The same for every try of the same reply; for providers that take an idempotency key. */
  idempotencyKey: string;
}

export interface SentReply {
  /** The provider's id of the reply, where it gave one. */
  gatewayMessageId?: string;
}

/** The provider refused the reply for good: 3xx, 4xx but 429, or an error inside a 200. */
export class ReplyRejectedError extends Error {
  override readonly name = 'ReplyRejectedError';
}

/** The reply surely was not sent: no connection, 429 or 503. */
export class ReplyNotSentError extends Error {
  override readonly name = 'ReplyNotSentError';
  /** How long the provider asked us to wait, where it did. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: ErrorOptions & { retryAfterMs?: number | undefined }) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** The request went out, and nobody knows what became of it. */
export class ReplyMaybeSentError extends Error {
  override readonly name = 'ReplyMaybeSentError';
}
