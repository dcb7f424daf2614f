import { ActivityFailure, ApplicationFailure, type TemporalFailure, TimeoutFailure } from '@temporalio/workflow';
import type { FailureDetails } from '../activities/failures.js';
import { failureTypes } from '../domain/names.js';

/** A step that failed for good: its run is parked. */
export interface FailedStep {
  /** `failed`: certainly not sent. `uncertain`: maybe sent. */
  parkedAs: 'failed' | 'uncertain';
  reason: string;
  /** How many times the gateway was tried, including Temporal's retries. */
  tries: number;
}

/**
 * Reads why a message has no decision. Nothing was sent, unless by a run before a reset. Only normal activities fail
 * with an ActivityFailure.
 */
export function readConsiderFailure(error: TemporalFailure, isReset: boolean): FailedStep {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const isOurs = cause instanceof ApplicationFailure && cause.type === failureTypes.considerFailed;
  const reason = isOurs ? cause.message : 'the message could not be considered';
  return { parkedAs: isReset ? 'uncertain' : 'failed', reason, tries: 0 };
}

/**
 * Reads the failure of a send. Only a ReplyFailed failure proves that nothing was sent; a timeout or a lost worker
 * doesn't.
 */
export function readSendFailure(error: TemporalFailure): FailedStep {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure))
    return {
      parkedAs: 'uncertain',
      reason: 'the worker was lost during the send, or the send took too long',
      tries: 1,
    };
  const [details] = (cause.details ?? []) as [FailureDetails?];
  const reason = cause.message;
  if (cause.type === failureTypes.replyHeld) return { parkedAs: 'uncertain', reason, tries: 0 };
  const parkedAs = cause.type === failureTypes.replyFailed ? 'failed' : 'uncertain';
  return { parkedAs, reason, tries: details?.attempt ?? 1 };
}

/** Returns whether no worker took a send in time. It then was certainly not sent: only such sends are retried. */
export function isDroppedByServer(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === 'SCHEDULE_TO_START'
  );
}
