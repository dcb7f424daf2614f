import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { SilenceReason } from '../domain/decision.js';

/**
 * `delivered`: by a receipt before the run ended. `failed` and `uncertain`: reported each time a reply is parked.
 * `expired`: parked, and no operator released it in time.
 */
export type ReplyOutcome = 'sent' | 'delivered' | 'marked-sent' | 'skipped' | 'failed' | 'uncertain' | 'expired';

/** Observes the outcome of each reply; `reason` is given with `skipped`. */
export interface ReplyObserver {
  onReply(outcome: ReplyOutcome, reason?: SilenceReason): void;
}

/** The workflow's sinks. Calls leave nothing in the history, and the worker ignores them during replay. */
export interface ReplySinks extends Sinks {
  replies: ReplyObserver & Sinks[string];
}

export const { replies } = proxySinks<ReplySinks>();
