import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../helpers/api.js';
import { eventually } from '../helpers/eventually.js';
import { aPost } from '../helpers/messages.js';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const readyz = () => fetch(`${api.url}/readyz`);

test('an api that is drained sends load balancers elsewhere, and takes what still comes', async () => {
  const connectionOf = async () => (await api.post(aPost())).headers.get('connection');
  expect(await connectionOf()).toBe('keep-alive');

  api.draining.begin();
  const refused = await readyz();
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ type: '/problems/draining', title: 'Being drained' });
  expect((await api.post(aPost())).status).toBe(200);
  // A balancer that keeps its connections would else go on sending over them.
  expect(await connectionOf()).toBe('close');
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);

  api.draining.end();
  expect((await readyz()).status).toBe(200);
  expect(await connectionOf()).toBe('keep-alive');
});

test('every delivery counts as traffic, also one that brings nothing valid', async () => {
  for (const body of [aPost(), 'no JSON']) {
    await eventually(() => api.draining.quietMs() > 300);
    await api.post(body);
    expect(api.draining.quietMs()).toBeLessThan(300);
  }
});
