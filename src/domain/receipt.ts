import type { Despite, Verdict } from './decision.js';
import type { InboundMessage, messageVersion } from './message.js';

/** What a gateway says later about a reply. */
export const receiptStates = ['accepted', 'sent', 'delivered', 'failed'] as const;
export type ReceiptState = (typeof receiptStates)[number];

/** A receipt only replaces one that comes before it in this list. `uncertain`: failed, but maybe sent. */
const ranks = ['accepted', 'uncertain', 'sent', 'delivered', 'failed'] as const;

/** Whether a receipt replaces another one of the same send. */
export const replaces = (receipt: ReceiptRank, known: ReceiptRank): boolean => rankOf(receipt) > rankOf(known);

type ReceiptRank = Pick<Receipt, 'state' | 'isUncertain'>;
const rankOf = ({ state, isUncertain }: ReceiptRank) => ranks.indexOf(isUncertain ? 'uncertain' : state);

/** What a refusal says about the number: its owner opted out at the provider, or it can't get texts at all. */
export type RefusedNumber = 'opted-out' | 'unreachable';

/** The outcome of a reply that the provider refused, since the sender opted out there: the contact must know of it. */
export const refusedAsOptedOut = { reply: 'skipped', reason: 'opted-out', by: 'provider' } as const;

/** A receipt of one send, as the gateway handed it over. */
export interface Receipt {
  /** Our id of the send: see `markOf`. */
  mark: string;
  /** The name of the gateway that posted it. */
  gateway: string;
  state: ReceiptState;
  /** Why it failed: the provider's code or its fixed words, without number and text. At most 100 characters. */
  code?: string | undefined;
  /** Whether a failed reply may have gone out all the same: the phone did not say. */
  isUncertain?: true | undefined;
  /** Whether it may come after a failure of the same send that `isUncertain`: it then settles the reply. */
  mayFollowUncertain?: true | undefined;
  /** What the failure says about the number. Absent: nothing. */
  number?: RefusedNumber | undefined;
}

/** A receipt as the run of its reply gets it. */
export interface RunReceipt extends Pick<Receipt, 'state' | 'code' | 'isUncertain' | 'gateway' | 'number'> {
  /** Which deliberate send of the run it is of, from 1. */
  send: number;
}

/** A reply that was sent, as its run recorded it. */
export interface SentReply {
  message: InboundMessage;
  text: string;
  maxAgeMs: number;
  despite?: Despite;
  /** The number of the last send. */
  send: number;
}

/** The input of a run `<id>.refused`. */
export interface RefusedReply extends SentReply {
  version: typeof messageVersion;
  /** What the carrier says. */
  receipt: RunReceipt;
  /** Absent when the run of the reply ended without one. */
  verdict?: Verdict;
  /** How long the reply stays parked for an operator, in milliseconds. */
  parkMs: number;
}

/**
 * What became of a receipt.
 * - `signalled`: the run of its reply, or the run that keeps it, is open and knows of it.
 * - `ended`: the run has ended, as nearly all have when the receipt comes. A failed receipt changes nothing either when
 *   it is of an earlier send, an operator has marked the reply as sent, or it is uncertain and the reply was delivered.
 * - `refused`: the run has ended, and a run `<id>.refused` keeps the reply.
 * - `unknown`: Temporal has no run for its mark, or the mark isn't one of ours.
 */
export const receiptOutcomes = ['signalled', 'ended', 'refused', 'unknown'] as const;
export type ReceiptOutcome = (typeof receiptOutcomes)[number];
