import type { ReplyResult } from '../activities/send-reply.js';
import type { SilenceReason, Verdict } from '../domain/decision.js';

/** The outcome of a message. Temporal Web UI shows it as the run's result. */
export type Outcome = {
  /** Absent when an operator ended the run before the message had a label. */
  verdict?: Verdict;
} & (ReplyResult | { reply: 'sent'; by: 'operator' } | { reply: 'skipped'; reason: SilenceReason });
