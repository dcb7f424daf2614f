import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { modelWindowMs } from '../../src/activities/classify.js';
import { anActivity, rejection } from '../helpers/activity.js';
import { apiKey, type Classification, number, startClassification } from '../helpers/classification.js';
import { answer, completion, fault } from '../helpers/fake-openai.js';
import { freePort } from '../helpers/free-port.js';
import { defaultAnswer } from '../helpers/playbook.js';

let run: Classification;
beforeEach(async () => {
  run = await startClassification();
});
afterEach(async () => {
  vi.useRealTimers();
  await run.close();
});

type Answer = Parameters<Classification['openai']['answerWith']>[0];
const text = 'Yes, a secret affair';
const secrets = ['secret affair', number, apiKey];
const byRules = { label: 'Agree', by: 'rules', parkMs: 1_000, answer: defaultAnswer('Agree') };
/** The first attempt, come late, as after an outage of all workers. */
const pastTheWindow = () => anActivity({ firstFailedMsAgo: modelWindowMs + 1 });

/** Expects that Temporal is to try again, and that nothing of the failure or the log gives a secret away. */
async function retried(classifying: Promise<unknown>): Promise<ApplicationFailure> {
  const failure = (await rejection(classifying)) as ApplicationFailure;
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type: 'ModelUnavailable', nonRetryable: false, category: 'BENIGN', cause: undefined });
  for (const secret of secrets) expect(`${failure.message}${JSON.stringify(run.events)}`).not.toContain(secret);
  return failure;
}

async function decidedByRules(classifying: Promise<unknown>) {
  expect(await classifying).toEqual(byRules);
  expect(run.events.map(({ event }) => event)).toEqual(['message.processing', 'model.given-up', 'message.classified']);
  for (const secret of secrets) expect(JSON.stringify(run.events)).not.toContain(secret);
}

describe('a fault that passes', () => {
  test.each([408, 409, 429, 500, 502, 503, 504, 529])('%i is tried again by Temporal, not by the client', async (status) => {
    run.openai.answerWith(fault(status, { quoting: secrets.join() }));
    const failure = await retried(run.classify({ text }));
    expect(failure.message).toBe(`OpenAI answered ${status}`);
    expect(failure.nextRetryDelay).toBeUndefined();
    expect(run.openai.requests).toHaveLength(1);
  });

  test('is tried again just inside 60 s from the first schedule, whatever the attempt', async () => {
    run.openai.answerWith(fault(500));
    await retried(run.classify({ text, environment: anActivity({ firstFailedMsAgo: modelWindowMs - 5_000, attempt: 9 }) }));
  });

  test('goes to the rules past 60 s, the model asked once by an attempt that came late', async () => {
    run.openai.answerWith(fault(500));
    await decidedByRules(run.classify({ text, environment: pastTheWindow() }));
    expect(run.events[1]).toMatchObject({ attempt: 1, guid: 'test-001', msg: 'OpenAI answered 500: the rules decide instead' });
    expect(run.openai.requests).toHaveLength(1);
  });

  test('goes to the rules past 60 s only after the model was asked once more: the attempts before may not have come so far', async () => {
    const late = anActivity({ firstFailedMsAgo: modelWindowMs + 1, attempt: 7 });
    run.openai.answerWith(fault(500));
    await decidedByRules(run.classify({ text, environment: late }));
    expect(run.openai.requests).toHaveLength(1);
  });

  test('is over when the model answers past 60 s', async () => {
    run.openai.answerWith(completion({ content: '{"label":"Disagree"}' }));
    expect(await run.classify({ text, environment: pastTheWindow() })).toMatchObject({ label: 'Disagree', by: 'openai' });
  });
});

describe('a fault that stays goes to the rules at once', () => {
  test.each([304, 400, 401, 403, 404, 413, 422])('%i', async (status) => {
    run.openai.answerWith(status === 304 ? (response) => response.writeHead(304).end() : fault(status, { quoting: secrets.join() }));
    await decidedByRules(run.classify({ text }));
    expect(run.openai.requests).toHaveLength(1);
  });

  test.each([301, 307, 308])('a redirect (%i), which is not followed', async (status) => {
    run.openai.answerWith(fault(status, { headers: { location: '/v1/chat/completions?elsewhere' } }));
    await decidedByRules(run.classify({ text }));
    expect(run.openai.requests).toHaveLength(1);
  });

  test('429 insufficient_quota, even with a Retry-After', async () => {
    run.openai.answerWith(fault(429, { code: 'insufficient_quota', headers: { 'retry-after': '1' } }));
    await decidedByRules(run.classify({ text }));
  });

  test('a refusal', async () => {
    run.openai.answerWith(completion({ refusal: `I won't label "${text}"` }));
    await decidedByRules(run.classify({ text }));
  });
});

describe('Retry-After', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

  test.each<[string, number, Record<string, string>]>([
    ['seconds', 7_000, { 'retry-after': '7' }],
    ['no time at all', 1, { 'retry-after': '0' }],
    ['a date that has passed', 1, { 'retry-after': inSeconds(-60) }],
    ['milliseconds', 1_500, { 'retry-after-ms': '1500' }],
    ['milliseconds before seconds', 1_500, { 'retry-after-ms': '1500', 'retry-after': '2' }],
    ['seconds where the milliseconds are none', 2_000, { 'retry-after-ms': 'soon', 'retry-after': '2' }],
  ])('of %s is when Temporal tries again', async (_, delayMs, headers) => {
    run.openai.answerWith(fault(429, { headers }));
    expect((await retried(run.classify({ text }))).nextRetryDelay).toBe(delayMs);
  });

  test('of an HTTP date is when Temporal tries again', async () => {
    run.openai.answerWith(fault(503, { headers: { 'retry-after': inSeconds(20) } }));
    const { nextRetryDelay } = await retried(run.classify({ text }));
    expect(nextRetryDelay).toBeGreaterThan(15_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(20_000);
  });

  test.each([
    ['seconds', 0, { 'retry-after': '61' }],
    ['a date', 0, { 'retry-after': inSeconds(3_600) }],
    ['milliseconds', 0, { 'retry-after-ms': '60001' }],
    ['what is left of the window', 55_000, { 'retry-after': '6' }],
  ])('past the window (%s) goes to the rules at once', async (_, firstFailedMsAgo, headers) => {
    run.openai.answerWith(fault(429, { headers }));
    await decidedByRules(run.classify({ text, environment: anActivity({ firstFailedMsAgo }) }));
  });
});

describe('no answer, or none that can be read, is tried again, and goes to the rules past 60 s', () => {
  const label = (value: unknown) => completion({ content: JSON.stringify(value) });
  const whole = (body: unknown) => answer(200, JSON.stringify(body));

  test.each<[string, Answer]>([
    ['a reset', (response) => response.socket?.resetAndDestroy()],
    ['a reset in the middle of the answer', (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '999' });
      response.write('{"choices":', () => response.socket?.resetAndDestroy());
    }],
    ['an answer that is not JSON', answer(200, `{"choices": ${secrets.join()}`)],
    ['an answer that says it is text', answer(200, 'upstream busy', { 'content-type': 'text/plain' })],
    ['no answer', answer(200, '', { 'content-length': '0' })],
    ['204', (response) => response.writeHead(204).end()],
    ['an answer over 1 MiB', whole({ choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: '{"label":"Agree"}', padding: 'x'.repeat(1_048_576) } }] })],
    ['no choices', whole({ id: 'chatcmpl-1' })],
    ['null choices', whole({ choices: null })],
    ['an empty list of choices', whole({ choices: [] })],
    ['a choice without a message', whole({ choices: [{ index: 0 }] })],
    ['null', whole(null)],
    ['no content', completion({ content: null })],
    ['empty content', completion({ content: '' })],
    ['content that is not JSON', completion({ content: `Agree, since it says "${text}"` })],
    ['a bare label', label('Agree')],
    ['no label', label({})],
    ['a label that does not exist', label({ label: 'Enthusiastic' })],
    ['a label in another case', label({ label: 'AGREE' })],
    ['two labels', label({ label: ['Agree', 'Disagree'] })],
    ['more keys', label({ label: 'Disagree', because: text })],
  ])('%s', async (_, answering) => {
    run.openai.answerWith(answering);
    await retried(run.classify({ text }));
    expect(run.openai.requests).toHaveLength(1);
    run.events.length = 0;
    await decidedByRules(run.classify({ text, environment: pastTheWindow() }));
  });

  test.each<[string, Answer]>([
    ['before the answer', () => undefined],
    ['in the middle of the answer', (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":')],
    ['in the middle of an error', (response) => response.writeHead(401, { 'content-type': 'application/json' }).write('{"error":')],
  ])('a timeout %s', async (_, answering) => {
    run.openai.answerWith(answering);
    const failure = await retried(run.classify({ text, timeoutMs: 100 }));
    expect(failure.message).toBe('OpenAI: ModelTimedOutError');
    run.events.length = 0;
    await decidedByRules(run.classify({ text, timeoutMs: 100, environment: pastTheWindow() }));
    expect(run.openai.requests).toHaveLength(2);
  });

  test('a timeout comes after 15 s, unless said otherwise', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = new Promise((resolve) => run.openai.answerWith(resolve));
    let ended = false;
    const failure = retried(run.classify({ text })).finally(() => (ended = true));
    await asked;
    await vi.advanceTimersByTimeAsync(14_999);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await failure;
    expect(run.openai.requests).toHaveLength(1);
  });

  test('a connection refused', async () => {
    const baseURL = `http://127.0.0.1:${await freePort()}/v1`;
    expect((await retried(run.classify({ text, baseURL }))).message).toBe('OpenAI: APIConnectionError');
    run.events.length = 0;
    await decidedByRules(run.classify({ text, baseURL, environment: pastTheWindow() }));
  });
});
