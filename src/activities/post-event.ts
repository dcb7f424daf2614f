import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Webhook } from 'standardwebhooks';
import type { AttentionEvent, EventType } from '../domain/event.js';
import { failureTypes } from '../domain/names.js';
import { eventBackoff, eventRetryForMs, eventTimeoutMs } from '../domain/waiting.js';
import { retryAfterMs } from '../gateways/retry-after.js';
import { addressRefused } from '../http/allowed-addresses.js';
import { type HttpResponse, PostFailedError, postOnce } from '../http/post-once.js';
import { isPublicAddress } from '../http/public-address.js';
import type { Log } from '../log/log.js';

/** `not-told`: a try failed, and another one follows. `given-up`: no other one follows. */
export const eventOutcomes = ['told', 'not-told', 'given-up'] as const;

/** Observes tries to tell an event. */
export interface EventObserver {
  onTried(type: EventType, outcome: (typeof eventOutcomes)[number]): void;
}

export interface PostEventOptions {
  /**
   * Who is told. Undefined: EVENTS_URL is not set at this worker. What was to be told before is then retried, because
   * another worker may have it.
   */
  receiver: { url: string; secret: string; private: boolean } | undefined;
  /** Default: `eventTimeoutMs`. */
  timeoutMs?: number;
  log: Log;
  observer: EventObserver;
}

/** Creates the activity that tells an event, as a Standard Webhook: https://www.standardwebhooks.com */
export function createPostEvent({ receiver, timeoutMs = eventTimeoutMs, log, observer }: PostEventOptions) {
  return async function postEvent(event: AttentionEvent): Promise<void> {
    const { attempt, scheduledTimestampMs } = Context.current().info;
    const { type, id } = event;
    const fields = { type, id, attempt };
    const reason = receiver ? await post(event, receiver, timeoutMs) : notSet;
    if (!reason) {
      log.info({ event: 'event.told', ...fields }, `Told: ${type}`);
      observer.onTried(type, 'told');
      return;
    }
    const failure = failureOf(reason, scheduledTimestampMs);
    observer.onTried(type, failure.nonRetryable ? 'given-up' : 'not-told');
    log.warn(
      { event: 'event.failed', ...fields, isFinal: failure.nonRetryable },
      `${type} was not told${failure.nonRetryable ? ', and is given up' : ''}: ${failure.message}`,
    );
    throw failure;
  };
}

/** Why an event was not told. */
interface Reason {
  message: string;
  /** How long the receiver asks to wait, in milliseconds. */
  waitMs?: number | undefined;
  isFinal?: boolean;
}

const notSet: Reason = { message: 'EVENTS_URL is not set at this worker' };

/** Posts an event. Returns why it was not told; undefined: it was. */
async function post(
  { type, id, at, data, texts }: AttentionEvent,
  { url, secret, private: isPrivateAllowed }: NonNullable<PostEventOptions['receiver']>,
  timeoutMs: number,
): Promise<Reason | undefined> {
  const body = JSON.stringify({ type, timestamp: at, data: { ...data, ...texts } });
  const now = new Date();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Answerback',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
  const allows = isPrivateAllowed ? undefined : isPublicAddress;
  const { cancellationSignal: signal } = Context.current();
  try {
    return readStatus(await postOnce(new URL(url), { headers, body, timeoutMs, signal, allows }));
  } catch (error) {
    return readError(error);
  }
}

/** As the specification has it, all failures are retried, but for a receiver that wants no more events. */
function readStatus({ status, headers }: HttpResponse): Reason | undefined {
  if (status >= 200 && status < 300) return undefined;
  return {
    message: `the receiver answered ${status}`,
    waitMs: retryAfterMs(headers['retry-after']),
    isFinal: status === 410,
  };
}

/** Of an error that is not known only the name: its message may contain the number. */
function readError(error: unknown): Reason {
  if (!(error instanceof PostFailedError))
    return { message: `unexpected ${error instanceof Error ? error.name : 'error'}` };
  if (error.message === addressRefused)
    return { message: 'EVENTS_URL leads to a private network or this machine, which only EVENTS_PRIVATE=true allows' };
  return { message: `no response, ${error.message}` };
}

/** @param scheduledAtMs when the first try was asked for, in Unix milliseconds */
function failureOf({ message, waitMs = 0, isFinal = false }: Reason, scheduledAtMs: number): ApplicationFailure {
  const { firstWaitMs, maxWaitMs } = eventBackoff;
  const delayMs = waitMs > 0 ? Math.min(Math.max(waitMs, firstWaitMs), maxWaitMs) : 0;
  if (isFinal || Date.now() + delayMs >= scheduledAtMs + eventRetryForMs)
    return ApplicationFailure.nonRetryable(message, failureTypes.eventFailed);
  return ApplicationFailure.create({
    type: failureTypes.eventNotTold,
    message,
    ...(delayMs > 0 && { nextRetryDelay: delayMs }),
    category: 'BENIGN',
  });
}
