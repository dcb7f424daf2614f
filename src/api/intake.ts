import type { InboundMessage } from '../message.js';

/** A message of a delivery that could not be read, with its place in the batch. */
export interface RejectedMessage {
  index: number;
  reason: string;
  /** As the gateway sent it, as JSON or the bytes that were not. */
  raw: string | Uint8Array;
}

/** What one request of the gateway brought. */
export interface Delivery {
  messages: readonly InboundMessage[];
  rejected: readonly RejectedMessage[];
}

/** Takes deliveries over for good. */
export interface Intake {
  /**
   * Resolves once every message of the delivery is safe; a message seen before counts as safe and changes nothing.
   *
   * @throws {NotAcceptedError} when that is not so within the deadline: the gateway must deliver it again
   */
  accept(delivery: Delivery): Promise<void>;
  /** Why it could not accept a delivery now, or undefined when it could. */
  ready(): string | undefined;
}

/** The delivery is not safe, or not all of it; delivering it again is right and does no harm. */
export class NotAcceptedError extends Error {
  override readonly name = 'NotAcceptedError';
}
