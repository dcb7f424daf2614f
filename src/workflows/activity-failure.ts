import { ActivityFailure, ApplicationFailure, type TemporalFailure, TimeoutFailure } from '@temporalio/workflow';
import type { FailureDetails } from '../activities/failures.js';
import type { FailuresSoFar } from '../activities/failures-so-far.js';
import { failureTypes } from '../domain/names.js';
import type { RefusedNumber } from '../domain/receipt.js';

/** A step that failed for good: its run is parked. */
export interface FailedStep {
  /** `failed`: certainly not sent. `uncertain`: maybe sent. */
  parkedAs: 'failed' | 'uncertain';
  reason: string;
  /** How many times the gateway was tried, including Temporal's retries. */
  tries: number;
  /** What a refusal says about the number. Absent: nothing. */
  number?: RefusedNumber;
}

export function isFailed<Result>(result: Result | FailedStep): result is FailedStep {
  return typeof result === 'object' && result !== null && 'parkedAs' in result;
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
  return { parkedAs, reason, tries: details?.attempt ?? 1, ...(details?.number && { number: details.number }) };
}

/**
 * Returns whether no worker took a send in time. It then was certainly not sent, unless an earlier try left behind that
 * it may have been: see src/activities/failures-so-far.ts.
 */
export function isDroppedByServer(error: unknown): boolean {
  if (!(error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)) return false;
  const { timeoutType, lastHeartbeatDetails } = error.cause;
  const wasMaybeSent = (lastHeartbeatDetails as FailuresSoFar | undefined)?.wasMaybeSent ?? false;
  return timeoutType === 'SCHEDULE_TO_START' && !wasMaybeSent;
}

/** Returns whether the worker was lost during the send, or the send took too long. */
export const isWorkerLost = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  error.cause instanceof TimeoutFailure &&
  error.cause.timeoutType === 'START_TO_CLOSE';
