import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { SilenceReason } from '../message.js';

/** `failed` and `uncertain`: parked, each time. `expired`: parked, and nobody released it in time. */
export type ReplyOutcome = 'sent' | 'marked-sent' | 'skipped' | 'failed' | 'uncertain' | 'expired';

/** Counts what becomes of a reply; the reason with `skipped`. */
export type CountReply = (outcome: ReplyOutcome, reason?: SilenceReason) => void;

/** A way out of the workflow that leaves nothing in its history; the worker takes no heed of it in a replay. */
export interface MeasureSinks extends Sinks {
  measure: { reply: CountReply };
}

export const { measure } = proxySinks<MeasureSinks>();
