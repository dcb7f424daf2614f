import { ApplicationFailure } from '@temporalio/common';
import { APIError } from 'openai';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../gateways/gateway.js';
import { retryAfterMs } from '../gateways/retry-after.js';
import { failureTypes } from '../domain/names.js';
import type { RefusedNumber } from '../domain/receipt.js';
import { considerRetry, modelBackoff, replyBackoff } from '../domain/waiting.js';
import { isTransient, modelFault } from './model-fault.js';

/** How long an activity may be retried. */
export interface RetryWindow {
  /** Start of the window, in Unix milliseconds. */
  firstFailedAtMs: number;
  windowMs: number;
  /**
   * Longest Retry-After that is honoured. The retry policy's maximumInterval must be as long, since Temporal caps waits
   * to it.
   */
  maxWaitMs: number;
}

/**
 * Translates an error of the model: a failure that Temporal retries, or undefined when a retry won't help and the rules
 * must classify.
 */
export function modelFailure(error: unknown, window: RetryWindow): ApplicationFailure | undefined {
  const { retryable, waitMs } = readModelError(error);
  if (!retryable || !mayWait(window, waitMs)) return undefined;
  return ApplicationFailure.create({
    type: failureTypes.modelUnavailable,
    message: describeModelError(error),
    ...(waitMs === undefined ? {} : { nextRetryDelay: Math.max(waitMs, modelBackoff.firstWaitMs) }),
    category: 'BENIGN',
  });
}

/** Describes an error in one line, without the model's own words: they may quote the text or the key. */
export function describeModelError(error: unknown): string {
  if (error instanceof APIError && error.status !== undefined) return `OpenAI answered ${error.status}`;
  // All errors of the client have the name `Error`; the class name is more specific.
  return error instanceof Error ? `OpenAI: ${error.constructor.name}` : 'OpenAI: unknown error';
}

function readModelError(error: unknown): { retryable: boolean; waitMs: number | undefined } {
  return {
    retryable: isTransient(modelFault(error)),
    waitMs: error instanceof APIError ? requestedWaitMs(error.headers as Headers | undefined) : undefined,
  };
}

/** OpenAI's own `retry-after-ms` is more exact than the standard header. */
function requestedWaitMs(headers: Headers | undefined): number | undefined {
  const milliseconds = headers?.get('retry-after-ms');
  if (milliseconds && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  return retryAfterMs(headers?.get('retry-after') ?? undefined);
}

/**
 * Translates an error of the rules or the playbook: a bug or an unreadable file, which Temporal retries a few times.
 * Its own message may contain the text.
 */
export function considerFailure(error: unknown, attempt: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.considerFailed,
    message: `the rules failed with an unexpected ${error instanceof Error ? error.name : 'error'}`,
    nonRetryable: attempt >= considerRetry.attempts,
  });
}

/** The details of a failed send, for the workflow. */
export interface FailureDetails {
  /** The number of Temporal's last attempt of this send, from 1. */
  attempt: number;
  /** What the provider's refusal says about the number. Absent: nothing. */
  number?: RefusedNumber;
}

/**
 * Translates an error of `Outbound.send`. Only what was certainly not sent is retried, and what the provider knows by
 * its mark; and only inside the window. After a send that may have gone out, the reply stays uncertain, whatever a
 * later try says.
 */
export function replyFailure(
  error: unknown,
  window: RetryWindow,
  { wasMaybeSent, ...details }: FailureDetails & { wasMaybeSent?: boolean | undefined },
): ApplicationFailure {
  const final = (type: string, message: string, more: Partial<FailureDetails> = {}) =>
    ApplicationFailure.nonRetryable(message, type, { ...details, ...more });
  const refused = wasMaybeSent ? failureTypes.replyUncertain : failureTypes.replyFailed;
  if (error instanceof ReplyRejectedError)
    return final(refused, error.message, { ...(error.number && { number: error.number }) });
  if (error instanceof ReplyNotSentError)
    return mayWait(window, error.retryAfterMs)
      ? retried(failureTypes.replyNotSent, error.message, error.retryAfterMs)
      : final(refused, error.message);
  if (error instanceof ReplyMaybeSentError)
    return error.isRepeatable && mayWait(window)
      ? retried(failureTypes.replyRepeated, error.message)
      : final(failureTypes.replyUncertain, error.message);
  // `Outbound.send` doesn't allow other errors. This is a bug, at an unknown point of the send; its message may contain
  // a text.
  return final(
    failureTypes.replyUncertain,
    `unexpected ${error instanceof Error ? error.name : 'error'} while sending`,
  );
}

function retried(type: string, message: string, waitMs?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    ...(waitMs === undefined ? {} : { nextRetryDelay: Math.max(waitMs, replyBackoff.firstWaitMs) }),
    category: 'BENIGN',
  });
}

function mayWait({ firstFailedAtMs, windowMs, maxWaitMs }: RetryWindow, waitMs = 0): boolean {
  return waitMs <= maxWaitMs && Date.now() + waitMs < firstFailedAtMs + windowMs;
}
