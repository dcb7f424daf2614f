import { ApplicationFailure } from '@temporalio/common';
import type { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InTurn } from '../../src/activities/in-turn.js';
import { createSendReply, type ReplyResult } from '../../src/activities/send-reply.js';
import { type Gateway, type OutboundReply, ReplyNotSentError } from '../../src/gateways/gateway.js';
import { createSmsMobileApi } from '../../src/gateways/sms-mobile-api.js';
import type { ScriptInput } from '../../src/simulated-gateway/script.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/simulated-gateway/server.js';
import { anActivity, rejection, runId } from '../helpers/activity.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/free-port.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';

type Step = ScriptInput[number];

const number = '+15550001234';
const text = 'Noted: a secret affair';
const apiKey = 'key-7f3a9';
const replyMaxAgeMs = 3_600_000;
const replyRetryForMs = 1_800_000;

let gateway: SimulatedGateway;
let recorded: ReturnType<typeof recordingLog>;
beforeEach(async () => {
  gateway = await startSimulatedGateway({ port: 0 });
  recorded = recordingLog();
});
afterEach(async () => {
  for (const secret of [number, number.slice(1), 'secret affair', apiKey]) expect(JSON.stringify(recorded.events)).not.toContain(secret);
  await gateway.close();
});

function send({
  environment = anActivity(),
  ageMs = 0,
  url = gateway.url,
  timeoutMs = 5_000,
  through = createSmsMobileApi({ apiKey, url, timeoutMs }),
  firstRunId = runId,
  released = false,
  asked = false,
  sendsOn,
}: { environment?: MockActivityEnvironment; ageMs?: number; url?: string; timeoutMs?: number; through?: Gateway; firstRunId?: string; released?: boolean; asked?: boolean; sendsOn?: string } = {}): Promise<ReplyResult | InTurn> {
  const sendReply = createSendReply({ gateway: through, replyMaxAgeMs, replyRetryForMs, sendsOn, isAskedSinceReset: async () => asked, log: recorded.log });
  const message = aMessage({ number, acceptedAt: new Date(Date.now() - ageMs).toISOString() });
  return environment.run(sendReply, message, text, { firstRunId, released });
}

/** Expects this failure, without a secret in it, and the line about it in the log. */
async function failed(sending: Promise<unknown>, type: string, { final }: { final: boolean }): Promise<ApplicationFailure> {
  const failure = (await rejection(sending)) as ApplicationFailure;
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type, nonRetryable: final, cause: undefined });
  for (const secret of [number, 'secret affair', apiKey]) expect(failure.message).not.toContain(secret);
  expect(recorded.events).toMatchObject([{ event: 'reply.failed', guid: 'test-001', type, msg: `Auto-reply failed: ${failure.message}` }]);
  return failure;
}

describe('a reply that goes out', () => {
  test('is sent once, to the number that wrote, and says its id in nothing but JSON', async () => {
    const result = await send();
    expect(gateway.sent.texts).toMatchObject([{ to: number, text }]);
    expect(gateway.sent.count).toBe(1);
    expect(result).toStrictEqual({ reply: 'sent', gatewayMessageId: gateway.sent.texts[0]?.id });
    expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
  });

  test('needs no id from the gateway', async () => {
    gateway.script([{ body: { result: { error: 0, sent: '1' } } }]);
    expect(await send()).toStrictEqual({ reply: 'sent' });
  });

  test('has its line in the log', async () => {
    await send({ environment: anActivity({ attempt: 3 }) });
    const gatewayMessageId = gateway.sent.texts[0]?.id;
    expect(recorded.events).toMatchObject([
      { event: 'reply.sent', guid: 'test-001', attempt: 3, gatewayMessageId, msg: 'Auto-reply sent successfully' },
    ]);
  });

  test('carries the same key at every try', async () => {
    const replies: OutboundReply[] = [];
    const through: Gateway = {
      name: 'fake',
      async send(reply) {
        replies.push(reply);
        return {};
      },
    };
    await send({ through });
    await send({ through, environment: anActivity({ attempt: 2 }) });
    const reply = { to: number, text, idempotencyKey: 'test-001:reply' };
    expect(replies).toEqual([reply, reply]);
  });
});

describe('the age of a message', () => {
  test.each([1, 5])('past the limit means no reply at attempt %i, and no request', async (attempt) => {
    const environment = anActivity({ attempt });
    expect(await send({ environment, ageMs: replyMaxAgeMs + 1 })).toStrictEqual({ reply: 'skipped', reason: 'too-late' });
    expect(gateway.sent.count).toBe(0);
    expect(recorded.events).toMatchObject([{ event: 'reply.skipped', guid: 'test-001', reason: 'too-late' }]);
  });

  test('just inside the limit means a reply', async () => {
    expect(await send({ ageMs: replyMaxAgeMs - 5_000 })).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(1);
  });
});

describe('a reply that the gateway refuses fails for good, surely not sent', () => {
  test.each<[string, Step]>([
    ['302', { status: 302 }],
    ['400', { status: 400 }],
    ['401', { status: 401 }],
    ['404', { status: 404 }],
    ['an error inside a 200', { accept: false, body: { result: { error: 3, sent: '0' } } }],
  ])('%s', async (_, step) => {
    gateway.script([step]);
    await failed(send(), 'ReplyFailed', { final: true });
    expect(gateway.sent.count).toBe(0);
  });
});

describe('a reply that surely was not sent', () => {
  test.each<[string, Step, number | undefined]>([
    ['429', { status: 429 }, undefined],
    ['503', { status: 503 }, undefined],
    ['429 with a Retry-After', { status: 429, retryAfter: 7 }, 7_000],
    ['503 with a Retry-After of 10 minutes', { status: 503, retryAfter: 600 }, 600_000],
    ['503 with a Retry-After of nothing', { status: 503, retryAfter: 0 }, 1],
  ])('is tried again by Temporal: %s', async (_, step, nextRetryDelay) => {
    gateway.script([step]);
    const failure = await failed(send(), 'ReplyNotSent', { final: false });
    expect(failure.nextRetryDelay).toBe(nextRetryDelay);
    expect(gateway.sent.count).toBe(0);
    expect(await send({ environment: anActivity({ attempt: 2 }) })).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(1);
  });

  test('is tried again by Temporal: no connection', async () => {
    await failed(send({ url: `http://127.0.0.1:${await freePort()}` }), 'ReplyNotSent', { final: false });
  });

  test('is tried again by Temporal: cancelled before it connected', async () => {
    const environment = anActivity();
    environment.cancel();
    await failed(send({ environment }), 'ReplyNotSent', { final: false });
    expect(gateway.sent.count).toBe(0);
  });

  test.each<[string, Step, number]>([
    ['its window is over', { status: 503 }, replyRetryForMs + 1],
    ['the Retry-After passes the window', { status: 429, retryAfter: 60 }, replyRetryForMs - 30_000],
    ['the Retry-After is over 10 minutes', { status: 429, retryAfter: 601 }, 0],
  ])('fails for good when %s', async (_, step, firstFailedMsAgo) => {
    gateway.script([step]);
    await failed(send({ environment: anActivity({ firstFailedMsAgo }) }), 'ReplyFailed', { final: true });
    expect(gateway.sent.count).toBe(0);
  });
});

describe('a reply that may have been sent is never tried again', () => {
  test.each<[string, Step, number]>([
    ['a reset after accepting', { reset: 'after' }, 1],
    ['a reset before accepting', { reset: 'before' }, 0],
    ['500', { status: 500, accept: true }, 1],
    ['an answer that says nothing', { body: 'OK' }, 1],
    ['an answer cut off', { truncate: true }, 1],
    ['no answer in time', { hang: true }, 1],
  ])('%s', async (_, step, accepted) => {
    gateway.script([step]);
    await failed(send({ timeoutMs: step.hang ? 200 : 5_000 }), 'ReplyUncertain', { final: true });
    expect(gateway.sent.count).toBe(accepted);
  });

  test.each(['CANCELLED', 'WORKER_SHUTDOWN'] as const)('cancelled in the middle of the send (%s)', async (reason) => {
    gateway.script([{ hang: true }]);
    const environment = anActivity();
    const sending = failed(send({ environment }), 'ReplyUncertain', { final: true });
    await eventually(() => gateway.sent.count === 1);
    environment.cancel(reason);
    expect((await sending).message).toContain('aborted');
    expect(gateway.sent.count).toBe(1);
  });

  test('an error that no gateway may throw', async () => {
    const through: Gateway = { name: 'fake', send: () => Promise.reject(new Error(`no route for ${number}: ${text}`)) };
    const failure = await failed(send({ through }), 'ReplyUncertain', { final: true });
    expect(failure.message).toBe('unexpected Error while sending');
  });
});

describe('a run that was reset', () => {
  const firstRunId = '01980000-0000-7000-8000-00000000000f';
  const ageMs = replyMaxAgeMs + 1;

  test.each([
    ['nobody released it', { released: false, asked: false }],
    ['what released it was asked for before the reset', { released: true, asked: false }],
    ['what was asked for since has not released it', { released: false, asked: true }],
  ])('is held back: %s', async (_, authority) => {
    const failure = (await rejection(send({ firstRunId, ...authority, environment: anActivity({ attempt: 3 }) }))) as ApplicationFailure;
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'ReplyHeld', nonRetryable: true, details: [{ attempt: 3 }] });
    expect(gateway.sent.count).toBe(0);
    expect(recorded.events).toMatchObject([{ event: 'reply.held', guid: 'test-001' }]);
  });

  test('is held back, not skipped, when its message is too old: the run before may have sent', async () => {
    expect(await rejection(send({ firstRunId, ageMs }))).toMatchObject({ type: 'ReplyHeld' });
    expect(gateway.sent.count).toBe(0);
  });

  test.each([0, ageMs])('is sent, its message %i ms old, when it was asked for since and is released', async (age) => {
    expect(await send({ firstRunId, released: true, asked: true, ageMs: age })).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(1);
  });

  test('is asked about by its own id, and only where it matters', async () => {
    const questions: string[][] = [];
    const isAskedSinceReset = async (...question: [string, string]) => (questions.push(question), true);
    const through: Gateway = { name: 'fake', send: async () => ({}) };
    const sendReply = createSendReply({ gateway: through, replyMaxAgeMs, replyRetryForMs, isAskedSinceReset, log: recorded.log });
    await anActivity().run(sendReply, aMessage({ number }), text, { firstRunId: runId, released: true });
    expect(questions).toEqual([]);
    await anActivity().run(sendReply, aMessage({ number }), text, { firstRunId, released: true });
    expect(questions).toEqual([['test-001', runId]]);
  });

  test('is not sent when its history cannot be read', async () => {
    const isAskedSinceReset = () => Promise.reject(new Error('unavailable'));
    const through = createSmsMobileApi({ apiKey, url: gateway.url });
    const sendReply = createSendReply({ gateway: through, replyMaxAgeMs, replyRetryForMs, isAskedSinceReset, log: recorded.log });
    await rejection(anActivity().run(sendReply, aMessage({ number }), text, { firstRunId, released: true }));
    expect(gateway.sent.count).toBe(0);
  });
});

test('a reply that an operator released is sent, however old its message is', async () => {
  expect(await send({ released: true, ageMs: 100 * replyMaxAgeMs })).toMatchObject({ reply: 'sent' });
  expect(gateway.sent.count).toBe(1);
});

describe('a gateway that can be asked what became of a send', () => {
  type LookUp = NonNullable<Gateway['lookUp']>;

  /** The real adapter, with a look-up that the provider does not have. */
  function asking(lookUp: LookUp) {
    const asked: OutboundReply[] = [];
    const real = createSmsMobileApi({ apiKey, url: gateway.url, timeoutMs: 5_000 });
    const through: Gateway = {
      ...real,
      lookUp(reply, signal) {
        asked.push(reply);
        return lookUp(reply, signal);
      },
    };
    return { through, asked };
  }
  const theReply = { to: number, text, idempotencyKey: 'test-001:reply' };

  test('found: it is sent, and not again', async () => {
    gateway.script([{ reset: 'after' }]);
    const { through, asked } = asking(async () => ({ gatewayMessageId: gateway.sent.texts[0]?.id ?? '' }));
    expect(await send({ through })).toStrictEqual({ reply: 'sent', gatewayMessageId: gateway.sent.texts[0]?.id });
    expect(gateway.sent.count).toBe(1);
    expect(asked).toEqual([theReply]);
    expect(recorded.events).toMatchObject([{ event: 'reply.sent' }]);
  });

  test('not sent: Temporal tries again', async () => {
    gateway.script([{ reset: 'before' }]);
    const { through } = asking(async () => 'not sent');
    await failed(send({ through }), 'ReplyNotSent', { final: false });
    expect(gateway.sent.count).toBe(0);
  });

  test.each<[string, LookUp]>([
    ['unknown', async () => 'unknown'],
    ['the look-up fails', () => Promise.reject(new Error(`no route for ${number}: ${text}`))],
    ['the look-up says it was not sent by an error', () => Promise.reject(new ReplyNotSentError('no connection'))],
  ])('%s: it stays uncertain', async (_, lookUp) => {
    gateway.script([{ reset: 'after' }]);
    const { through, asked } = asking(lookUp);
    await failed(send({ through }), 'ReplyUncertain', { final: true });
    expect(gateway.sent.count).toBe(1);
    expect(asked).toEqual([theReply]);
  });

  test.each<[string, Step, string, boolean]>([
    ['refused', { status: 400 }, 'ReplyFailed', true],
    ['surely not sent', { status: 503 }, 'ReplyNotSent', false],
  ])('is not asked about what is %s', async (_, step, type, final) => {
    gateway.script([step]);
    const { through, asked } = asking(async () => ({}));
    await failed(send({ through }), type, { final });
    expect(asked).toEqual([]);
  });
});

test.each<[string, Step, number]>([
  ['ReplyFailed', { status: 400 }, 0],
  ['ReplyFailed', { status: 503 }, replyRetryForMs + 1],
  ['ReplyUncertain', { status: 502 }, 0],
])('a final failure says how often the gateway was tried: %s, %j', async (type, step, firstFailedMsAgo) => {
  gateway.script([step]);
  const failure = await failed(send({ environment: anActivity({ attempt: 4, firstFailedMsAgo }) }), type, { final: true });
  expect(failure.details).toEqual([{ attempt: 4 }]);
});

describe('under a limit', () => {
  const sendsOn = 'answerback-sends';

  test('a reply is not sent on the usual queue: it is to be asked for again where sends wait their turn', async () => {
    expect(await send({ sendsOn })).toStrictEqual({ askOn: sendsOn });
    expect(gateway.sent.count).toBe(0);
    expect(recorded.events).toEqual([]);
  });

  test('it is sent there', async () => {
    expect(await send({ sendsOn, environment: anActivity({ taskQueue: sendsOn }) })).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(1);
  });

  test('without one any more, it is sent wherever it waits', async () => {
    expect(await send({ environment: anActivity({ taskQueue: sendsOn }) })).toMatchObject({ reply: 'sent' });
  });

  test.each(['usual', sendsOn])('a message that is too old takes no turn, and is told so on either queue: %s', async (taskQueue) => {
    expect(await send({ sendsOn, ageMs: replyMaxAgeMs + 1, environment: anActivity({ taskQueue }) })).toStrictEqual({ reply: 'skipped', reason: 'too-late' });
  });

  test('a run that was reset is held back before it takes a turn', async () => {
    expect(await rejection(send({ sendsOn, firstRunId: 'another' }))).toMatchObject({ type: 'ReplyHeld' });
  });
});

test('the first failure leaves its time to the attempts to come, and they leave it as it is', async () => {
  const left: unknown[] = [];
  const fails = async (environment: MockActivityEnvironment) => {
    environment.on('heartbeat', (details: unknown) => left.push(details));
    gateway.script([{ status: 503 }]);
    await rejection(send({ environment }));
  };
  const from = Date.now();
  await fails(anActivity());
  expect(left).toEqual([{ firstFailedAtMs: expect.any(Number) as unknown }]);
  expect((left[0] as { firstFailedAtMs: number }).firstFailedAtMs).toBeGreaterThanOrEqual(from);
  await fails(anActivity({ attempt: 2, firstFailedMsAgo: 5_000 }));
  expect(left).toHaveLength(1);
});
