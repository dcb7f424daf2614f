import type { HandSent } from './hand-sent.js';
import type { InboundMessage } from './message.js';
import type { PhoneSign } from './phone-sign.js';
import type { Receipt } from './receipt.js';

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
  /** The name of the gateway that posted it: the quarantine keeps it. */
  gateway?: string;
  messages: readonly InboundMessage[];
  rejected: readonly RejectedMessage[];
  /** What it says about earlier replies. */
  receipts?: readonly Receipt[];
  /** Texts that a person wrote by hand on the phone. */
  handSent?: readonly HandSent[];
  /** What it says about phones. It is only counted, not stored. */
  phones?: readonly PhoneSign[];
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
