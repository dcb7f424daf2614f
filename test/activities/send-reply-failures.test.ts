import type { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { type Outbound, ReplyRejectedError } from '../../src/gateways/gateway.js';
import { anActivity, rejection } from '../helpers/activity.js';
import { eventually } from '../kit/eventually.js';
import { freePort } from '../kit/ports.js';
import { failureTypes } from '../../src/domain/names.js';
import {
  failed,
  gateway,
  number,
  recorded,
  replyRetryForMs,
  send,
  type Step,
  text,
  useGateway,
} from './reply-sending.js';

useGateway();

describe('a reply that the gateway refuses fails for good as not sent', () => {
  it.each<[string, Step]>([
    ['302', { status: 302 }],
    ['400', { status: 400 }],
    ['401', { status: 401 }],
    ['404', { status: 404 }],
    ['an error inside a 200', { accept: false, body: { result: { error: 3, sent: '0' } } }],
  ])('%s', async (_, step) => {
    gateway.script([step]);
    await failed(send(), failureTypes.replyFailed, { final: true });
    expect(gateway.sent.count).toBe(0);
  });
});

describe('a reply that was certainly not sent', () => {
  it.each<[string, Step, number | undefined]>([
    ['429', { status: 429 }, undefined],
    ['429 with a Retry-After', { status: 429, retryAfter: 7 }, 7_000],
    ['429 with a Retry-After of 10 minutes', { status: 429, retryAfter: 600 }, 600_000],
    ['429 with a Retry-After of nothing', { status: 429, retryAfter: 0 }, 2_000],
  ])('is retried by Temporal: %s', async (_, step, nextRetryDelay) => {
    gateway.script([step]);
    const failure = await failed(send(), failureTypes.replyNotSent, { final: false });
    expect(failure.nextRetryDelay).toBe(nextRetryDelay);
    expect(gateway.sent.count).toBe(0);
    expect(await send({ environment: anActivity({ attempt: 2 }) })).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(1);
  });

  it('is retried by Temporal: no connection', async () => {
    await failed(send({ url: `http://127.0.0.1:${await freePort()}` }), failureTypes.replyNotSent, { final: false });
  });

  it('is retried by Temporal: cancelled before it connected', async () => {
    const environment = anActivity();
    environment.cancel();
    await failed(send({ environment }), failureTypes.replyNotSent, { final: false });
    expect(gateway.sent.count).toBe(0);
  });

  it.each<[string, Step, number]>([
    ['its window is over', { status: 429 }, replyRetryForMs + 1],
    ['the Retry-After passes the window', { status: 429, retryAfter: 60 }, replyRetryForMs - 30_000],
    ['the Retry-After is over 10 minutes', { status: 429, retryAfter: 601 }, 0],
  ])('fails for good when %s', async (_, step, firstFailedMsAgo) => {
    gateway.script([step]);
    await failed(send({ environment: anActivity({ firstFailedMsAgo }) }), failureTypes.replyFailed, { final: true });
    expect(gateway.sent.count).toBe(0);
  });
});

describe('a reply that may have been sent is never retried', () => {
  it.each<[string, Step, number]>([
    ['a reset after accepting', { reset: 'after' }, 1],
    ['a reset before accepting', { reset: 'before' }, 0],
    ['500', { status: 500, accept: true }, 1],
    ['503', { status: 503, accept: true }, 1],
    ['503 with a Retry-After', { status: 503, retryAfter: 7, accept: true }, 1],
    ['a response without a result', { body: 'OK' }, 1],
    ['a response cut short', { truncate: true }, 1],
    ['no response in time', { hang: true }, 1],
  ])('%s', async (_, step, accepted) => {
    gateway.script([step]);
    await failed(send({ timeoutMs: step.hang ? 200 : 5_000 }), failureTypes.replyUncertain, { final: true });
    expect(gateway.sent.count).toBe(accepted);
  });

  it.each(['CANCELLED', 'WORKER_SHUTDOWN'] as const)('cancelled in the middle of the send (%s)', async (reason) => {
    gateway.script([{ hang: true }]);
    const environment = anActivity();
    const sending = failed(send({ environment }), failureTypes.replyUncertain, { final: true });
    await eventually(() => gateway.sent.count === 1);
    environment.cancel(reason);
    expect((await sending).message).toContain('aborted');
    expect(gateway.sent.count).toBe(1);
  });

  it('an unexpected error', async () => {
    const through: Outbound = {
      name: 'fake',
      send: () => Promise.reject(new Error(`no route for ${number}: ${text}`)),
    };
    const failure = await failed(send({ through }), failureTypes.replyUncertain, { final: true });
    expect(failure.message).toBe('unexpected Error while sending');
  });
});

describe('a refusal for an opt-out at the provider', () => {
  const through: Outbound = {
    name: 'fake',
    send: () => Promise.reject(new ReplyRejectedError('Fake answered 400', { number: 'opted-out' })),
  };

  it('ends the send as skipped, without a failure', async () => {
    const result = await send({ through });
    expect(result).toEqual({ reply: 'skipped', reason: 'opted-out', by: 'provider' });
    expect(recorded.events).toMatchObject([{ event: 'reply.failed', type: failureTypes.replyFailed }]);
  });

  it('leaves it uncertain after a try that may have sent it', async () => {
    const environment = anActivity({ attempt: 2, firstFailedMsAgo: 5_000, wasMaybeSent: true });
    await failed(send({ through, environment }), failureTypes.replyUncertain, { final: true });
  });
});

it.each<[string, Step, number]>([
  ['ReplyFailed', { status: 400 }, 0],
  ['ReplyFailed', { status: 429 }, replyRetryForMs + 1],
  ['ReplyUncertain', { status: 502 }, 0],
])('a final failure has the number of attempts: %s, %j', async (type, step, firstFailedMsAgo) => {
  gateway.script([step]);
  const failure = await failed(send({ environment: anActivity({ attempt: 4, firstFailedMsAgo }) }), type, {
    final: true,
  });
  expect(failure.details).toEqual([{ attempt: 4 }]);
});

it('the first failure records its time, and later attempts keep it', async () => {
  const left: unknown[] = [];
  const fails = async (environment: MockActivityEnvironment) => {
    environment.on('heartbeat', (details: unknown) => left.push(details));
    gateway.script([{ status: 429 }]);
    await rejection(send({ environment }));
  };
  const from = Date.now();
  await fails(anActivity());
  expect(left).toEqual([{ firstFailedAtMs: expect.any(Number) as unknown }]);
  expect((left[0] as { firstFailedAtMs: number }).firstFailedAtMs).toBeGreaterThanOrEqual(from);
  await fails(anActivity({ attempt: 2, firstFailedMsAgo: 5_000 }));
  expect(left).toHaveLength(1);
});
