import { ApplicationFailure } from '@temporalio/common';
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelFailure, replyFailure, type RetryWindow } from '../../src/activities/failures.js';
import { ModelResponseUnreadableError, ModelRefusedError, ModelTimedOutError } from '../../src/activities/model.js';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../../src/gateways/gateway.js';
import { failureTypes } from '../../src/domain/names.js';

const now = Date.parse('2025-01-20T10:15:00Z');
beforeEach(() => void vi.useFakeTimers({ now, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const second = 1_000;
const minute = 60_000;
const maxWaitMs = 10 * minute;

/** A window of an hour, of which this much is gone. */
function window({ goneMs = 0, windowMs = 60 * minute } = {}): RetryWindow {
  return { firstFailedAtMs: now - goneMs, windowMs, maxWaitMs };
}

function answered(status: number, headers: Record<string, string> = {}, code: string | null = null): APIError {
  return APIError.generate(status, { error: { message: 'a secret', code } }, undefined, new Headers(headers));
}

describe('an error of the model', () => {
  it.each<[string, unknown]>([
    ...[408, 409, 429, 500, 502, 503, 504, 529, 599].map((status): [string, unknown] => [
      `OpenAI answered ${status}`,
      answered(status),
    ]),
    ['OpenAI: APIConnectionError', new APIConnectionError({ message: 'a secret' })],
    ['OpenAI: APIConnectionTimeoutError', new APIConnectionTimeoutError({ message: 'a secret' })],
    ['OpenAI: APIUserAbortError', new APIUserAbortError({ message: 'a secret' })],
    ['OpenAI: ModelTimedOutError', new ModelTimedOutError('a secret')],
    ['OpenAI: ModelResponseUnreadableError', new ModelResponseUnreadableError('a secret')],
    ['OpenAI: SyntaxError', new SyntaxError('a secret')],
    ['OpenAI: TypeError', new TypeError('a secret')],
    ['OpenAI: unknown error', 'a secret'],
    ['OpenAI: unknown error', undefined],
  ])('%s: Temporal retries', (message, error) => {
    const failure = modelFailure(error, window());
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: failureTypes.modelUnavailable,
      message,
      nonRetryable: false,
      nextRetryDelay: undefined,
      category: 'BENIGN',
    });
    expect(failure?.cause).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ...[304, 400, 401, 403, 404, 405, 413, 415, 422, 451].map((status): [string, unknown] => [
      String(status),
      answered(status),
    ]),
    ['429 insufficient_quota', answered(429, { 'retry-after': '1' }, 'insufficient_quota')],
    ['a refusal', new ModelRefusedError('a secret')],
  ])('%s: is permanent', (_, error) => {
    expect(modelFailure(error, window())).toBeUndefined();
  });

  it.each([
    [59_999, true],
    [60_000, false],
    [3_600_000, false],
  ])('%i ms into a window of a minute, retried: %s', (goneMs, again) => {
    const inside = window({ goneMs, windowMs: minute });
    for (const error of [answered(500), new APIConnectionError({}), 'anything']) {
      expect(modelFailure(error, inside) !== undefined).toBe(again);
    }
  });

  it.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '0' }, second],
    [{ 'retry-after': '59' }, 59 * second],
    [{ 'retry-after': 'Mon, 20 Jan 2025 10:15:30 GMT' }, 30 * second],
    [{ 'retry-after': 'Mon, 20 Jan 2025 10:14:30 GMT' }, second],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after-ms': '0' }, second],
    [{ 'retry-after-ms': '59999', 'retry-after': '1' }, 59_999],
    [{ 'retry-after-ms': '1.5', 'retry-after': '1' }, second],
    [{ 'retry-after-ms': '', 'retry-after': '1' }, second],
  ])('%j is the wait, in milliseconds: %s', (headers, waitMs) => {
    const failure = modelFailure(answered(429, headers), window({ windowMs: minute }));
    expect(failure).toMatchObject({ type: failureTypes.modelUnavailable, nonRetryable: false, nextRetryDelay: waitMs });
  });

  it.each([
    { 'retry-after': '60' },
    { 'retry-after': 'Mon, 20 Jan 2025 10:16:00 GMT' },
    { 'retry-after': '9'.repeat(400) },
    { 'retry-after-ms': '60000' },
  ])('%j is longer than a window of a minute: permanent', (headers) => {
    expect(modelFailure(answered(429, headers), window({ windowMs: minute }))).toBeUndefined();
  });
});

describe('an error of the gateway', () => {
  it('a refused reply fails for good as not sent', () => {
    const failure = replyFailure(new ReplyRejectedError('answered 400'), window(), { attempt: 1 });
    expect(failure).toMatchObject({ type: failureTypes.replyFailed, message: 'answered 400', nonRetryable: true });
  });

  it('a reply that may have been sent fails for good as uncertain', () => {
    const failure = replyFailure(new ReplyMaybeSentError('ECONNRESET'), window(), { attempt: 1 });
    expect(failure).toMatchObject({ type: failureTypes.replyUncertain, message: 'ECONNRESET', nonRetryable: true });
  });

  it('a reply that was not sent is retried', () => {
    const failure = replyFailure(new ReplyNotSentError('answered 503'), window(), { attempt: 1 });
    expect(failure).toMatchObject({
      type: failureTypes.replyNotSent,
      message: 'answered 503',
      nonRetryable: false,
      nextRetryDelay: undefined,
      category: 'BENIGN',
    });
  });

  it.each<[string, number, number, number]>([
    ['no time at all', 0, 0, 2 * second],
    ['7 s', 7 * second, 0, 7 * second],
    ['the longest there is', maxWaitMs, 0, maxWaitMs],
    ['all but the last millisecond of the window', 5 * minute - 1, 55 * minute, 5 * minute - 1],
  ])('a wait of %s is respected', (_, retryAfterMs, goneMs, nextRetryDelay) => {
    const failure = replyFailure(new ReplyNotSentError('answered 429', { retryAfterMs }), window({ goneMs }), {
      attempt: 1,
    });
    expect(failure).toMatchObject({ type: failureTypes.replyNotSent, nonRetryable: false, nextRetryDelay });
  });

  it.each<[string, number | undefined, number]>([
    ['a wait over the longest', maxWaitMs + 1, 0],
    ['a wait for ever', Infinity, 0],
    ['a wait to the end of the window', 5 * minute, 55 * minute],
    ['no wait, at the end of the window', undefined, 60 * minute],
    ['no wait, past the window', undefined, 600 * minute],
  ])('%s fails for good as not sent', (_, retryAfterMs, goneMs) => {
    const failure = replyFailure(new ReplyNotSentError('answered 429', { retryAfterMs }), window({ goneMs }), {
      attempt: 1,
    });
    expect(failure).toMatchObject({
      type: failureTypes.replyFailed,
      message: 'answered 429',
      nonRetryable: true,
      nextRetryDelay: undefined,
    });
  });

  it.each<[string, unknown]>([
    ['unexpected Error while sending', new Error('a secret')],
    ['unexpected TypeError while sending', new TypeError('a secret', { cause: new Error('a secret') })],
    ['unexpected AbortError while sending', new DOMException('a secret', 'AbortError')],
    ['unexpected ApplicationFailure while sending', ApplicationFailure.retryable('a secret', 'ReplyNotSent')],
    ['unexpected error while sending', 'a secret'],
    ['unexpected error while sending', undefined],
  ])('"%s" fails for good as uncertain, and hides the message of the error', (message, error) => {
    for (const goneMs of [0, 600 * minute]) {
      const failure = replyFailure(error, window({ goneMs }), { attempt: 1 });
      expect(failure).toMatchObject({ type: failureTypes.replyUncertain, message, nonRetryable: true });
      expect(failure.cause).toBeUndefined();
    }
  });

  it.each<[string, unknown, number]>([
    ['refused', new ReplyRejectedError('answered 400'), 0],
    ['out of time', new ReplyNotSentError('answered 503'), 60 * minute],
    ['past the longest wait', new ReplyNotSentError('answered 429', { retryAfterMs: maxWaitMs + 1 }), 0],
    ['maybe sent', new ReplyMaybeSentError('ECONNRESET'), 0],
    ['unexpected', new Error('a secret'), 0],
  ])('a final failure carries its details and nothing else: %s', (_, error, goneMs) => {
    expect(replyFailure(error, window({ goneMs }), { attempt: 7 }).details).toEqual([{ attempt: 7 }]);
  });

  it.each([undefined, true])(
    'a refusal carries what it says about the number, maybe sent before: %s',
    (wasMaybeSent) => {
      const error = new ReplyRejectedError('answered 400', { number: 'unreachable' });
      const { details } = replyFailure(error, window(), { attempt: 7, wasMaybeSent });
      expect(details).toEqual([{ attempt: 7, number: 'unreachable' }]);
    },
  );
});
