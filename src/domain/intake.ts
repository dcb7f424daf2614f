import type { InboundMessage } from './message.js';

/** The maximum number of messages in one post. */
export const maxBatchMessages = 1_000;

/** An invalid message of a post, with its index in the batch. */
export interface RejectedMessage {
  index: number;
  reason: string;
  /** As the gateway sent it: JSON, or the bytes when it wasn't JSON. */
  raw: string | Uint8Array;
}

/** The content of one request of a gateway. */
export interface Post {
  messages: readonly InboundMessage[];
  rejected: readonly RejectedMessage[];
}

/** Accepts posts durably. */
export interface Intake {
  /**
   * Resolves once every message of the post is stored durably. A message that was accepted before changes nothing.
   *
   * @throws {NotAcceptedError} when that takes longer than the deadline or fails: the gateway must post again
   */
  accept(post: Post): Promise<void>;
  /** True when the invalid messages of a post are kept in a quarantine. */
  readonly keepsRejected: boolean;
  /** Returns undefined when a post could be accepted now, else the reason. */
  ready(): string | undefined;
}

/** The post is not stored, or only in part. Posting it again is safe. */
export class NotAcceptedError extends Error {
  override readonly name = 'NotAcceptedError';
}
