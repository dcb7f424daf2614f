import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Verdict } from '../domain/decision.js';
import { queries, signals, updates } from '../domain/names.js';
import type { RunReceipt } from '../domain/receipt.js';

export const retryReply = defineSignal(signals.retryReply);

export const receipt = defineSignal<[RunReceipt]>(signals.receipt);

export const markReplySent = defineSignal(signals.markReplySent);

export const retryReplyNow = defineUpdate<RetryResult>(updates.retryReplyNow);

export const status = defineQuery<Status>(queries.status);

export interface RetryResult {
  /** `still trying` when the send takes longer than a client can wait. */
  reply: 'sent' | 'delivered' | 'skipped' | 'failed' | 'uncertain' | 'still trying';
}

export interface Status {
  state: 'considering' | 'sending' | 'parked' | 'done';
  /** Absent while the message is being considered. */
  verdict?: Verdict;
  /** The last time it was parked. `failed`: certainly not sent. `uncertain`: the gateway may have sent it. */
  parkedAs?: 'failed' | 'uncertain';
  /** The message of the last failure, without text and number. */
  lastFailure?: string;
  /** ISO 8601. */
  lastFailureAt?: string;
  /** How many times the gateway was tried up to the last failure, including Temporal's retries. */
  tries: number;
}
