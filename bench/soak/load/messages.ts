import type { ReplyKind } from '../conversations/reply-kinds.js';
import type { Said } from '../conversations/texts.js';

/** The first message to the load process. */
export interface LoadOrder {
  webhook: string;
  perSecond: number;
}

/** What the load process is told while it runs. */
export type LoadCommand =
  | 'stop'
  /** A reply has arrived at a sender of a conversation. */
  | { kind: 'reply'; to: string; reply: ReplyKind }
  | { kind: 'storm'; senders: number }
  | { kind: 'loops'; machines: number }
  /** A machine begins its loop again. */
  | { kind: 'loop-again'; number: string };

/** A text that got its first 200, and the id of its run. */
export interface Acknowledged {
  workflowId: string;
  number: string;
  silent: boolean;
  /** Unix milliseconds. */
  at: number;
}

/** What happened since the last report; the load process sends one every second. */
export interface LoadReport {
  /** Of the ordinary load. */
  acknowledged: Acknowledged[];
  /** The acknowledged texts of conversations. */
  said: Said[];
  /**
   * For each post with the expected response: when it was sent, in Unix milliseconds, and how long the response took.
   */
  times: Array<{ at: number; ms: number }>;
  /** The number of posts by kind. */
  posts: Record<string, number>;
  /** The number of unexpected responses by status; 0: no response. */
  postedAgain: Record<string, number>;
  /** Posts that wait for their response. */
  open: number;
}
