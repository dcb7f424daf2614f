import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, expect, it } from 'vitest';
import { listen } from '../../src/http/server.js';
import { createMetricsApp } from '../../src/metrics/app.js';
import { exportHanging } from '../../src/metrics/hanging.js';
import { exportParked } from '../../src/metrics/parked.js';
import { createRegistry } from '../../src/metrics/registry.js';
import { readExposition, scrape } from '../helpers/exposition.js';
import { freePort } from '../kit/ports.js';
import { silentLog } from '../helpers/logs.js';

const opened: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** The listener on a free port, with the SDK's metrics at this address. */
async function start(sdkMetricsUrl: URL, isReady?: () => boolean): Promise<number> {
  const server = await listen(
    createMetricsApp({
      registry: createRegistry('1.2.3'),
      sdkMetricsUrl,
      ...(isReady ? { isReady } : {}),
      log: silentLog,
    }),
    { port: 0, host: '127.0.0.1' },
  );
  opened.push(() => server.close());
  return server.port;
}

async function startSdk(status: number): Promise<URL> {
  const sdk = createServer((_, response) => response.writeHead(status).end('temporal_request_total 7\n'));
  await new Promise<void>((resolve) => sdk.listen(0, '127.0.0.1', resolve));
  opened.push(() => new Promise((resolve) => sdk.close(resolve)));
  return new URL(`http://127.0.0.1:${(sdk.address() as AddressInfo).port}/metrics`);
}

it("returns ours and the SDK's together, in the format of Prometheus", async () => {
  const port = await start(await startSdk(200));
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const { value, samples } = readExposition(await response.text());
  expect(value('temporal_request_total')).toBe(7);
  expect(value('answerback_sdk_metrics_up')).toBe(1);
  expect(samples).toContainEqual({
    name: 'answerback_build_info',
    labels: { version: '1.2.3', node: process.versions.node },
    value: 1,
  });
});

it.each([
  ['is not there', async () => new URL(`http://127.0.0.1:${await freePort()}/metrics`)],
  ['fails', () => startSdk(500)],
])('returns ours alone, and says so, when that of the SDK %s', async (_, sdk) => {
  const { value, text } = await scrape(await start(await sdk()));
  expect(value('answerback_sdk_metrics_up')).toBe(0);
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(0);
  expect(text).toContain("# The metrics of Temporal's SDK could not be read");
  expect(text).not.toContain('temporal_request_total');
});

it('serves /healthz, and a problem for every other path', async () => {
  const url = `http://127.0.0.1:${await start(await startSdk(200))}`;
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
  expect((await fetch(`${url}/metrics`, { method: 'HEAD' })).status).toBe(200);
  const nowhere = await fetch(`${url}/readyz`);
  expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  const posted = await fetch(`${url}/metrics`, { method: 'POST' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

it('/readyz is 200 only while the process does its work', async () => {
  let isReady = false;
  const url = `http://127.0.0.1:${await start(await startSdk(200), () => isReady)}/readyz`;
  const before = await fetch(url);
  expect([before.status, await before.json()]).toEqual([
    503,
    expect.objectContaining({
      type: '/problems/not-ready',
      detail: 'The worker is not ready: it does not take work from Temporal.',
    }),
  ]);
  isReady = true;
  const working = await fetch(url);
  expect([working.status, await working.json()]).toEqual([200, { status: 'ready' }]);
});

it('a Temporal that refuses to count still counts as up', async () => {
  const registry = new Registry();
  exportParked(registry, async (state) => (state === 'failed' ? 3 : undefined));
  const { value, samples } = readExposition(await registry.metrics());
  expect(value('answerback_temporal_up')).toBe(1);
  expect(
    samples
      .filter(({ name }) => name === 'answerback_replies_parked')
      .map(({ labels, value }) => [labels['state'], value]),
  ).toEqual([['failed', 3]]);
});

it('without Temporal there is no count of parked replies, and none is invented', async () => {
  const registry = new Registry();
  let count = async (state: string): Promise<number> => (state === 'failed' ? 3 : 0);
  exportParked(registry, (state) => count(state), { keepMs: 0, withinMs: 50 });
  const scraped = async () => readExposition(await registry.metrics());
  const parked = async () =>
    (await scraped()).samples
      .filter(({ name }) => name === 'answerback_replies_parked')
      .map(({ labels, value }) => [labels['state'], value]);
  expect(await parked()).toEqual([
    ['failed', 3],
    ['uncertain', 0],
  ]);
  expect((await scraped()).value('answerback_temporal_up')).toBe(1);

  const failures = { refused: () => Promise.reject(new Error('away')), silent: () => new Promise<number>(() => {}) };
  for (const failure of Object.values(failures)) {
    count = failure;
    expect(await parked()).toEqual([]);
    expect((await scraped()).value('answerback_temporal_up')).toBe(0);
  }
  count = async () => 1;
  expect(await parked()).toEqual([
    ['failed', 1],
    ['uncertain', 1],
  ]);
});

it('many scrapes cause one count of each state in Temporal', async () => {
  const registry = new Registry();
  const asked: string[] = [];
  exportParked(registry, async (state) => asked.push(state));
  await Promise.all([registry.metrics(), registry.metrics()]);
  await registry.metrics();
  expect(asked).toEqual(['failed', 'uncertain']);
});

it('what takes Temporal several calls is asked once a minute, and again at once after a failure', async () => {
  const registry = new Registry();
  let asked = 0;
  exportHanging(registry, async () => {
    if (++asked === 1) throw new Error('away');
    return { queues: undefined, overdue: 2 };
  });
  const overdue = async () =>
    readExposition(await registry.metrics())
      .samples.filter(({ name }) => name.startsWith('answerback_'))
      .map(({ name, value }) => [name, value]);
  expect(await overdue()).toEqual([]);
  expect(await overdue()).toEqual([['answerback_runs_overdue', 2]]);
  expect(await overdue()).toEqual([['answerback_runs_overdue', 2]]);
  expect(asked).toBe(2);
});
