import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { FailureDetails } from '../activities/failures.js';
import { failureTypes } from '../temporal/contract.js';

export interface FailedReply {
  /** Surely not sent, or perhaps. */
  as: 'failed' | 'uncertain';
  what: string;
  /** How often the gateway was tried, Temporal's retries included. */
  tries: number;
}

/** Only what says of itself that it surely did not go out is `failed`; a timeout or a lost worker is not. */
export function readReplyFailure(error: unknown): FailedReply {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return { as: 'uncertain', what: 'the worker was lost in the middle of the send, or the send took too long', tries: 1 };
  const [details] = (cause.details ?? []) as [FailureDetails?];
  const what = cause.message;
  if (cause.type === failureTypes.replyHeld) return { as: 'uncertain', what, tries: 0 };
  return { as: cause.type === failureTypes.replyFailed ? 'failed' : 'uncertain', what, tries: details?.attempt ?? 1 };
}
