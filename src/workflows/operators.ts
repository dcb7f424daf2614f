import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Verdict } from '../message.js';

/** Sends a parked reply once more. Does nothing while a send is running or nothing is parked. */
export const retryReply = defineSignal('retryReply');

/** The reply did arrive, or shall never go: ends the run as sent by the operator, and no send follows. */
export const markReplySent = defineSignal('markReplySent');

/** As `retryReply`, and waits for what becomes of it; joins a send that is running. Refused when there is nothing to retry. */
export const retryReplyNow = defineUpdate<RetryResult>('retryReplyNow');

/** Where the message stands. */
export const status = defineQuery<Status>('status');

interface RetryResult {
  /** `still trying` when the send goes on for longer than a client may wait. */
  reply: 'sent' | 'skipped' | 'failed' | 'uncertain' | 'still trying';
}

export interface Status {
  state: 'classifying' | 'sending' | 'parked' | 'done';
  /** What the text says and who judged it; absent while it is classified. */
  verdict?: Pick<Verdict, 'label' | 'by'>;
  /** Of the last park: surely not sent, or the gateway may have taken it. */
  parkedAs?: 'failed' | 'uncertain';
  /** What the last failed send said; no text and no number. */
  lastFailure?: string;
  /** ISO 8601. */
  lastFailureAt?: string;
  /** How often the gateway was tried up to the last failure, Temporal's retries included. */
  tries: number;
}
