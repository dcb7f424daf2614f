import { afterEach, expect, it } from 'vitest';
import { createApp } from '../../src/api/app.js';
import { createDraining } from '../../src/api/admin/draining.js';
import { NotAcceptedError } from '../../src/domain/intake.js';
import type { ApiObserver } from '../../src/domain/acknowledgement.js';
import type { Inbound } from '../../src/gateways/gateway.js';
import { listen } from '../../src/http/server.js';
import { fakeIntake, webhookPath, webhooksOf } from '../helpers/api.js';
import { silentLog } from '../helpers/logs.js';
import { aPost } from '../helpers/messages.js';

const opened: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** The app, and what it reports about posts. */
async function start(changes: Partial<Inbound> = {}) {
  const reported: unknown[] = [];
  const observer: ApiObserver = {
    onResponded: (outcome, seconds) => void reported.push([outcome, seconds < 5]),
    onReceived: (messages) => void reported.push(messages),
    onPhone: (gateway, sign) => void reported.push({ gateway, ...sign }),
  };
  const { intake, answerWith } = fakeIntake();
  const server = await listen(
    createApp({
      intake,
      draining: createDraining(),
      webhooks: webhooksOf({ token: 'a-token', signingSecrets: [] }).map((webhook) => ({
        ...webhook,
        inbound: { ...webhook.inbound, ...changes },
      })),
      log: silentLog,
      observer,
    }),
    { port: 0, host: '127.0.0.1' },
  );
  opened.push(() => server.close());
  const post = (body: unknown, { path = webhookPath, token = 'a-token' } = {}) =>
    fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      headers: { 'x-webhook-secret': token },
      body: JSON.stringify(body),
    });
  return { reported, post, answerWith, get: (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`) };
}

it('reports each post once, by its outcome, and its messages once they are safe', async () => {
  const { reported, post, answerWith } = await start();
  const outcomeOf = async (...request: Parameters<typeof post>) => {
    reported.length = 0;
    await post(...request);
    return [...reported];
  };
  expect(await outcomeOf({ messages: [aPost(), aPost(), {}] })).toEqual([
    { accepted: 2, rejected: 1 },
    ['accepted', true],
  ]);
  expect(await outcomeOf({ messages: [] })).toEqual([{ accepted: 0, rejected: 0 }, ['accepted', true]]);
  expect(await outcomeOf('no object')).toEqual([{ accepted: 0, rejected: 1 }, ['invalid', true]]);
  expect(await outcomeOf(aPost(), { token: 'wrong' })).toEqual([['unauthenticated', true]]);
  expect(await outcomeOf(aPost(), { path: `${webhookPath}/a-token` })).toEqual([
    { accepted: 1, rejected: 0 },
    ['accepted', true],
  ]);
  answerWith(() => Promise.reject(new NotAcceptedError('full')));
  expect(await outcomeOf(aPost())).toEqual([['not-accepted', true]]);
  answerWith(() => Promise.reject(new Error('a bug')));
  expect(await outcomeOf(aPost())).toEqual([['failed', true]]);
});

it('reports what a post says about phones, once it is accepted', async () => {
  const read = () => ({ messages: [], rejected: [], phones: [{ line: 'p', sign: 'dead' as const }] });
  const { reported, post, answerWith } = await start({ read });
  await post({});
  expect(reported).toContainEqual({ gateway: 'smsmobileapi', line: 'p', sign: 'dead' });
  answerWith(() => Promise.reject(new NotAcceptedError('full')));
  reported.length = 0;
  await post({});
  expect(reported).toEqual([['not-accepted', true]]);
});

it('reports no other request', async () => {
  const { reported, get } = await start();
  for (const path of [webhookPath, '/healthz', '/readyz', '/nowhere']) await get(path);
  expect(reported).toEqual([]);
});
