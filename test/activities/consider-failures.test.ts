import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelRetryForMs } from '../../src/domain/waiting.js';
import { anActivity, rejection } from '../helpers/activity.js';
import { apiKey, type Classification, number, startClassification, replyWith } from './consider-setup.js';
import { answer, completion, fault } from '../helpers/fake-openai.js';
import { freePort } from '../kit/ports.js';
import { defaultTemplate } from '../helpers/playbook.js';
import { failureTypes } from '../../src/domain/names.js';

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
const byRules = replyWith(defaultTemplate('Agree'), { label: 'Agree', by: 'rules' });
/** The first attempt, come late, as after an outage of all workers. */
const pastTheWindow = () => anActivity({ firstFailedMsAgo: modelRetryForMs + 1 });

/** Expects that Temporal is to try again, and that nothing of the failure or the log gives a secret away. */
async function retried(classifying: Promise<unknown>): Promise<ApplicationFailure> {
  const failure = (await rejection(classifying)) as ApplicationFailure;
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    type: failureTypes.modelUnavailable,
    nonRetryable: false,
    category: 'BENIGN',
    cause: undefined,
  });
  for (const secret of secrets) expect(`${failure.message}${JSON.stringify(run.events)}`).not.toContain(secret);
  return failure;
}

async function decidedByRules(classifying: Promise<unknown>) {
  expect(await classifying).toEqual(byRules);
  expect(run.events.map(({ event }) => event)).toEqual(['message.started', 'model.given-up', 'message.classified']);
  for (const secret of secrets) expect(JSON.stringify(run.events)).not.toContain(secret);
}

describe('a temporary error', () => {
  it.each([408, 409, 429, 500, 502, 503, 504, 529])('%i is retried by Temporal, not by the client', async (status) => {
    run.openai.answerWith(fault(status, { quoting: secrets.join() }));
    const failure = await retried(run.consider({ text }));
    expect(failure.message).toBe(`OpenAI answered ${status}`);
    expect(failure.nextRetryDelay).toBeUndefined();
    expect(run.openai.requests).toHaveLength(1);
  });

  it('is retried just inside 60 s from the first schedule, whatever the attempt', async () => {
    run.openai.answerWith(fault(500));
    await retried(
      run.consider({ text, environment: anActivity({ firstFailedMsAgo: modelRetryForMs - 5_000, attempt: 9 }) }),
    );
  });

  it('goes to the rules past 60 s; a late attempt asks the model once', async () => {
    run.openai.answerWith(fault(500));
    await decidedByRules(run.consider({ text, environment: pastTheWindow() }));
    expect(run.events[1]).toMatchObject({
      attempt: 1,
      guid: 'test-001',
      msg: 'OpenAI answered 500: the rules classify the message instead',
    });
    expect(run.openai.requests).toHaveLength(1);
  });

  it('goes to the rules past 60 s only after one more request: earlier attempts may not have reached the model', async () => {
    const late = anActivity({ firstFailedMsAgo: modelRetryForMs + 1, attempt: 7 });
    run.openai.answerWith(fault(500));
    await decidedByRules(run.consider({ text, environment: late }));
    expect(run.openai.requests).toHaveLength(1);
  });

  it('ends with the label of a model that responds after 60 s', async () => {
    run.openai.answerWith(completion({ content: '{"label":"Disagree"}' }));
    expect(await run.consider({ text, environment: pastTheWindow() })).toMatchObject({
      verdict: { label: 'Disagree', by: 'openai' },
    });
  });
});

describe('a permanent error goes to the rules at once', () => {
  it.each([304, 400, 401, 403, 404, 413, 422])('%i', async (status) => {
    run.openai.answerWith(
      status === 304 ? (response) => response.writeHead(304).end() : fault(status, { quoting: secrets.join() }),
    );
    await decidedByRules(run.consider({ text }));
    expect(run.openai.requests).toHaveLength(1);
  });

  it.each([301, 307, 308])('a redirect (%i), which is not followed', async (status) => {
    run.openai.answerWith(fault(status, { headers: { location: '/v1/chat/completions?elsewhere' } }));
    await decidedByRules(run.consider({ text }));
    expect(run.openai.requests).toHaveLength(1);
  });

  it.each([
    ['no-model', fault(404, { code: 'model_not_found' })],
    ['no-access', fault(401, { code: 'invalid_api_key' })],
    ['no-quota', fault(429, { code: 'insufficient_quota' })],
  ])('%s, and the log and the observer name it', async (named, answering) => {
    const faults: string[] = [];
    run.openai.answerWith(answering);
    const observer = { onLabelled: () => {}, onFellBack: (one: string) => void faults.push(one) };
    await decidedByRules(run.consider({ text, options: { observer } }));
    expect(faults).toEqual([named]);
    expect(run.events[1]).toMatchObject({ event: 'model.given-up', fault: named });
  });

  it('429 insufficient_quota, even with a Retry-After', async () => {
    run.openai.answerWith(fault(429, { code: 'insufficient_quota', headers: { 'retry-after': '1' } }));
    await decidedByRules(run.consider({ text }));
  });

  it('a refusal', async () => {
    run.openai.answerWith(completion({ refusal: `I won't label "${text}"` }));
    await decidedByRules(run.consider({ text }));
  });
});

describe('Retry-After', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

  it.each<[string, number, Record<string, string>]>([
    ['seconds', 7_000, { 'retry-after': '7' }],
    ['no time at all', 1_000, { 'retry-after': '0' }],
    ['a date that has passed', 1_000, { 'retry-after': inSeconds(-60) }],
    ['milliseconds', 1_500, { 'retry-after-ms': '1500' }],
    ['milliseconds before seconds', 1_500, { 'retry-after-ms': '1500', 'retry-after': '2' }],
    ['seconds where the milliseconds are none', 2_000, { 'retry-after-ms': 'soon', 'retry-after': '2' }],
  ])('of %s is the wait before Temporal retries', async (_, delayMs, headers) => {
    run.openai.answerWith(fault(429, { headers }));
    expect((await retried(run.consider({ text }))).nextRetryDelay).toBe(delayMs);
  });

  it('may be an HTTP date', async () => {
    run.openai.answerWith(fault(503, { headers: { 'retry-after': inSeconds(20) } }));
    const { nextRetryDelay } = await retried(run.consider({ text }));
    expect(nextRetryDelay).toBeGreaterThan(15_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(20_000);
  });

  it.each([
    ['seconds', 0, { 'retry-after': '61' }],
    ['a date', 0, { 'retry-after': inSeconds(3_600) }],
    ['milliseconds', 0, { 'retry-after-ms': '60001' }],
    ['what is left of the window', 55_000, { 'retry-after': '6' }],
  ])('past the window (%s) goes to the rules at once', async (_, firstFailedMsAgo, headers) => {
    run.openai.answerWith(fault(429, { headers }));
    await decidedByRules(run.consider({ text, environment: anActivity({ firstFailedMsAgo }) }));
  });
});

describe('a missing or unreadable response is retried, and goes to the rules past 60 s', () => {
  const label = (value: unknown) => completion({ content: JSON.stringify(value) });
  const whole = (body: unknown) => answer(200, JSON.stringify(body));

  it.each<[string, Answer]>([
    ['a reset', (response) => response.socket?.resetAndDestroy()],
    [
      'a reset in the middle of the response',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '999' });
        response.write('{"choices":', () => response.socket?.resetAndDestroy());
      },
    ],
    ['a response that is not JSON', answer(200, `{"choices": ${secrets.join()}`)],
    ['a response with a text media type', answer(200, 'upstream busy', { 'content-type': 'text/plain' })],
    ['an empty response', answer(200, '', { 'content-length': '0' })],
    ['204', (response) => response.writeHead(204).end()],
    [
      'a response over 1 MiB',
      whole({
        choices: [
          {
            index: 0,
            finish_reason: 'stop',
            message: { role: 'assistant', content: '{"label":"Agree"}', padding: 'x'.repeat(1_048_576) },
          },
        ],
      }),
    ],
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
    await retried(run.consider({ text }));
    expect(run.openai.requests).toHaveLength(1);
    run.events.length = 0;
    await decidedByRules(run.consider({ text, environment: pastTheWindow() }));
  });

  it.each<[string, Answer]>([
    ['before the response', () => undefined],
    [
      'in the middle of the response',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":'),
    ],
    [
      'in the middle of an error',
      (response) => response.writeHead(401, { 'content-type': 'application/json' }).write('{"error":'),
    ],
  ])('a timeout %s', async (_, answering) => {
    run.openai.answerWith(answering);
    const failure = await retried(run.consider({ text, timeoutMs: 500 }));
    expect(failure.message).toBe('OpenAI: ModelTimedOutError');
    run.events.length = 0;
    await decidedByRules(run.consider({ text, timeoutMs: 500, environment: pastTheWindow() }));
    expect(run.openai.requests).toHaveLength(2);
  });

  it('the default timeout is 15 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = new Promise((resolve) => run.openai.answerWith(resolve));
    let ended = false;
    const failure = retried(run.consider({ text })).finally(() => (ended = true));
    await asked;
    await vi.advanceTimersByTimeAsync(14_999);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await failure;
    expect(run.openai.requests).toHaveLength(1);
  });

  it('a connection refused', async () => {
    const baseURL = `http://127.0.0.1:${await freePort()}/v1`;
    expect((await retried(run.consider({ text, baseURL }))).message).toBe('OpenAI: APIConnectionError');
    run.events.length = 0;
    await decidedByRules(run.consider({ text, baseURL, environment: pastTheWindow() }));
  });
});
