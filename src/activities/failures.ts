import { ApplicationFailure } from '@temporalio/common';
import { APIError } from 'openai';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../gateways/gateway.js';
import { retryAfterMs } from '../gateways/retry-after.js';
import { failureTypes } from '../temporal/contract.js';
import { mayPass, modelFault } from './model-fault.js';

/** How long one kind of work is tried: from when it first failed, in Unix milliseconds. */
export interface RetryWindow {
  firstFailedAtMs: number;
  windowMs: number;
  /** Longest Retry-After that is honoured; the retry policy's maximumInterval must be as long, the server clamps to it. */
  longestWaitMs: number;
}

/**
 * What to do after the model could not label a text: a failure for Temporal to retry,
 * or undefined when waiting will not help and the rules decide.
 */
export function modelFailure(error: unknown, window: RetryWindow): ApplicationFailure | undefined {
  const { retryable, waitMs } = readModelError(error);
  if (!retryable || !mayWait(window, waitMs)) return undefined;
  return ApplicationFailure.create({
    type: failureTypes.modelUnavailable,
    message: describeModelError(error),
    ...(waitMs === undefined ? {} : { nextRetryDelay: Math.max(waitMs, 1) }),
    category: 'BENIGN',
  });
}

/** One line without the model's own words, which may quote the text or the key. */
export function describeModelError(error: unknown): string {
  if (error instanceof APIError && error.status !== undefined) return `OpenAI answered ${error.status}`;
  // The client's errors are all named `Error`; their class tells more.
  return error instanceof Error ? `OpenAI: ${error.constructor.name}` : 'OpenAI: unknown error';
}

function readModelError(error: unknown): { retryable: boolean; waitMs: number | undefined } {
  return { retryable: mayPass(modelFault(error)), waitMs: error instanceof APIError ? askedWaitMs(error.headers as Headers | undefined) : undefined };
}

/** `retry-after-ms` is OpenAI's own, more exact than the standard header. */
function askedWaitMs(headers: Headers | undefined): number | undefined {
  const milliseconds = headers?.get('retry-after-ms');
  if (milliseconds && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  return retryAfterMs(headers?.get('retry-after') ?? undefined);
}

/** What a failure of a send tells the workflow besides its type. */
export interface FailureDetails {
  /** Of the attempts that Temporal made for this send, the number of the last. */
  attempt: number;
}

/** Translates what a gateway adapter throws. Only what surely was not sent is retried, and only inside its window. */
export function replyFailure(error: unknown, window: RetryWindow, details: FailureDetails): ApplicationFailure {
  const final = (type: string, message: string) => ApplicationFailure.nonRetryable(message, type, details);
  if (error instanceof ReplyRejectedError) return final(failureTypes.replyFailed, error.message);
  if (error instanceof ReplyNotSentError) {
    if (!mayWait(window, error.retryAfterMs)) return final(failureTypes.replyFailed, error.message);
    return ApplicationFailure.create({
      type: failureTypes.replyNotSent,
      message: error.message,
      ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: Math.max(error.retryAfterMs, 1) }),
      category: 'BENIGN',
    });
  }
  if (error instanceof ReplyMaybeSentError) return final(failureTypes.replyUncertain, error.message);
  // Not an error an adapter may throw: a bug, at an unknown moment of the send, and its message may hold anything.
  return final(failureTypes.replyUncertain, `unexpected ${error instanceof Error ? error.name : 'error'} while sending`);
}

function mayWait({ firstFailedAtMs, windowMs, longestWaitMs }: RetryWindow, waitMs = 0): boolean {
  return waitMs <= longestWaitMs && Date.now() + waitMs < firstFailedAtMs + windowMs;
}
