import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi, webhookPath } from '../../helpers/api.js';
import { eventually } from '../../kit/eventually.js';
import { aPost } from '../../helpers/messages.js';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const webhook = () => `${api.url}${webhookPath}`;
const readyz = () => fetch(`${api.url}/readyz`);

it('a draining api turns load balancers away, and accepts what still arrives', async () => {
  const connectionOf = async () => (await api.post(aPost())).headers.get('connection');
  expect(await connectionOf()).toBe('keep-alive');

  api.draining.begin();
  const refused = await readyz();
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ type: '/problems/draining', title: 'Draining' });
  expect((await api.post(aPost())).status).toBe(200);
  // A balancer that keeps its connections would else go on sending over them.
  expect(await connectionOf()).toBe('close');
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);

  api.draining.end();
  expect((await readyz()).status).toBe(200);
  expect(await connectionOf()).toBe('keep-alive');
});

it('a post counts as traffic from its head to its response, also without a valid message', async () => {
  for (const body of [JSON.stringify(aPost()), 'no JSON']) {
    await eventually(() => api.draining.quietMs() > 300);
    const before = performance.now();
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const slow = new ReadableStream({
      async start(to) {
        to.enqueue(new TextEncoder().encode(body.slice(0, 2)));
        await finished;
        to.enqueue(new TextEncoder().encode(body.slice(2)));
        to.close();
      },
    });
    const response = fetch(webhook(), { method: 'POST', body: slow, duplex: 'half' });
    await eventually(() => api.draining.quietMs() === 0);
    finish();
    await response;
    expect(api.draining.quietMs()).toBeLessThan(performance.now() - before);
  }
});

it('a quiet time before draining does not count, and asking twice changes nothing', async () => {
  await eventually(() => api.draining.quietMs() > 300);
  const before = performance.now();
  api.draining.begin();
  expect(api.draining.quietMs()).toBeLessThan(performance.now() - before + 1);
  await eventually(() => api.draining.quietMs() > 300);
  api.draining.begin();
  expect(api.draining.quietMs()).toBeGreaterThan(300);
});
