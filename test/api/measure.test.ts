import { afterEach, expect, it } from 'vitest';
import { createApp } from '../../src/api/app.js';
import { createDraining } from '../../src/api/draining.js';
import { NotAcceptedError } from '../../src/api/intake.js';
import type { ApiMeasure } from '../../src/api/measure.js';
import { listen } from '../../src/http/server.js';
import { fakeIntake, webhookPath } from '../helpers/api.js';
import { silentLog } from '../helpers/logs.js';
import { aPost } from '../helpers/messages.js';

const opened: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** The app, and what is told of its posts. */
async function start() {
  const told: unknown[] = [];
  const measure: ApiMeasure = {
    answered: (outcome, seconds) => void told.push([outcome, seconds < 5]),
    received: (messages) => void told.push(messages),
  };
  const { intake, answerWith } = fakeIntake();
  const server = await listen(createApp({ intake, draining: createDraining(), credentials: { token: 'a-token', signingSecrets: [] }, log: silentLog, measure }), { port: 0, host: '127.0.0.1' });
  opened.push(() => server.close());
  const post = (body: unknown, { path = webhookPath, token = 'a-token' } = {}) =>
    fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', headers: { 'x-webhook-secret': token }, body: JSON.stringify(body) });
  return { told, post, answerWith, get: (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`) };
}

it('tells each post once, by its outcome, and its messages once they are safe', async () => {
  const { told, post, answerWith } = await start();
  const outcomeOf = async (...request: Parameters<typeof post>) => {
    told.length = 0;
    await post(...request);
    return [...told];
  };
  expect(await outcomeOf({ messages: [aPost(), aPost(), {}] })).toEqual([{ accepted: 2, rejected: 1 }, ['accepted', true]]);
  expect(await outcomeOf({ messages: [] })).toEqual([{ accepted: 0, rejected: 0 }, ['accepted', true]]);
  expect(await outcomeOf('no object')).toEqual([{ accepted: 0, rejected: 1 }, ['invalid', true]]);
  expect(await outcomeOf(aPost(), { token: 'wrong' })).toEqual([['unauthenticated', true]]);
  expect(await outcomeOf(aPost(), { path: `${webhookPath}/a-token` })).toEqual([{ accepted: 1, rejected: 0 }, ['accepted', true]]);
  answerWith(() => Promise.reject(new NotAcceptedError('full')));
  expect(await outcomeOf(aPost())).toEqual([['not-accepted', true]]);
  answerWith(() => Promise.reject(new Error('a bug')));
  expect(await outcomeOf(aPost())).toEqual([['failed', true]]);
});

it('tells nothing of other requests', async () => {
  const { told, get } = await start();
  for (const path of [webhookPath, '/healthz', '/readyz', '/nowhere']) await get(path);
  expect(told).toEqual([]);
});
