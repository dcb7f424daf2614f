import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { observedModel, type ModelOutcome } from '../../src/activities/observed-model.js';
import { createModel } from '../../src/activities/model.js';
import { completion, type FakeOpenAi, fault, startFakeOpenAi } from '../helpers/fake-openai.js';
import { freePort } from '../kit/ports.js';
import { defaultPlaybook } from '../helpers/playbook.js';

let openai: FakeOpenAi;
beforeAll(async () => void (openai = await startFakeOpenAi()));
afterAll(() => openai.close());

const never = new AbortController().signal;

/** The reported outcomes of one request. */
async function outcomesOf(
  answer: (response: ServerResponse) => void,
  { baseURL = openai.baseURL, signal = never, timeoutMs = 10_000 } = {},
): Promise<Array<[ModelOutcome, number]>> {
  const outcomes: Array<[ModelOutcome, number]> = [];
  openai.answerWith(answer);
  const model = createModel({ apiKey: 'key', model: 'fake', baseURL, timeoutMs });
  await observedModel(model, { onResponded: (...outcome) => void outcomes.push(outcome) })('Yes', defaultPlaybook, [
    signal,
  ]).catch(() => undefined);
  return outcomes;
}

it.each<[ModelOutcome, (response: ServerResponse) => void]>([
  ['ok', completion({ content: '{"label":"Agree"}' })],
  ['timeout', () => {}],
  ['no-connection', (response) => response.destroy()],
  ['rate-limited', fault(429)],
  ['no-model', fault(404, { code: 'model_not_found' })],
  ['no-model', fault(400, { code: 'model_not_found' })],
  ['no-model', fault(404)],
  ['no-model', fault(410)],
  ['no-access', fault(401, { code: 'invalid_api_key' })],
  ['no-access', fault(403, { code: 'model_not_found' })],
  ['no-quota', fault(429, { code: 'insufficient_quota' })],
  ['no-quota', fault(429, { code: 'billing_not_active' })],
  ['no-quota', fault(402)],
  ['server-error', fault(503)],
  ['rejected', fault(400, { code: 'unsupported_value' })],
  ['refused', completion({ refusal: 'no' })],
  ['unreadable', completion({ content: 'Agree' })],
])('a request that ends as %s is reported once, with its duration', async (outcome, answer) => {
  const outcomes = await outcomesOf(answer, outcome === 'timeout' ? { timeoutMs: 300 } : {});
  expect(outcomes).toEqual([[outcome, expect.any(Number)]]);
  if (outcome === 'timeout') expect(outcomes[0]?.[1]).toBeGreaterThan(0.25);
});

it("a model that can't be reached is no-connection", async () => {
  expect(await outcomesOf(() => {}, { baseURL: `http://127.0.0.1:${await freePort()}/v1` })).toEqual([
    ['no-connection', expect.any(Number)],
  ]);
});

it('a request that ends because the worker stops is cut-off, not an error of the model', async () => {
  expect(await outcomesOf(() => {}, { signal: AbortSignal.abort(new Error('stopping')) })).toEqual([
    ['cut-off', expect.any(Number)],
  ]);
});
