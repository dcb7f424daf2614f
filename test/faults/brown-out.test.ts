import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { workflowTypes } from '../../src/domain/names.js';
import { breakerBackoff, maxMaybeSentInARow } from '../../src/domain/waiting.js';
import { eventually } from '../kit/eventually.js';
import { type Fleet, startFleet } from './fleet.js';
import { compare, postTexts } from './ledger.js';
import { outcomesOf } from './outcomes.js';

let fleet: Fleet | undefined;
afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
});

/** How many texts each number got. */
function sendsByNumber({ gateway }: Fleet): Map<string, number> {
  const sends = new Map<string, number>();
  for (const { to } of gateway.sent.texts) sends.set(to, (sends.get(to) ?? 0) + 1);
  return sends;
}

describe('a gateway that takes every send and says that it failed', () => {
  const texts = 1_000;
  const workers = 2;
  /** Sends at a time of one worker: `maxSends` in src/worker/queues/sends.ts. */
  const atATime = 20;

  /** The most probes of one worker within this time. */
  function maxProbes(ms: number): number {
    let probes = 0;
    for (let pauseMs: number = breakerBackoff.firstWaitMs, atMs = pauseMs; atMs <= ms; atMs += pauseMs, probes++)
      pauseMs = Math.min(pauseMs * breakerBackoff.coefficient, breakerBackoff.maxWaitMs);
    return probes;
  }

  it(`leaves few of ${texts} replies of ${workers} workers uncertain; the others go out once when it has recovered`, async () => {
    const running = (fleet = await startFleet({
      script: [{ status: 502, accept: true, times: 10_000 }],
      // `addWorker` waits for a line of this level.
      env: { LOG_LEVEL: 'info' },
    }));
    const metrics = await running.addWorker();
    const breakerIs = (value: number) =>
      eventually(async () => (await metrics()).includes(`breaker_open{gateway="smsmobileapi"} ${value}\n`));
    await breakerIs(0);
    const fromMs = performance.now();
    const { acknowledged } = await postTexts(running.webhook, { count: texts, perSecond: 100 });
    const guids = [...acknowledged.keys()];
    const sending = () =>
      running.client.workflow.count(`WorkflowType="${workflowTypes[0]}" AND ExecutionStatus="Running"`);
    await eventually(async () => running.pendingInInbox() === 0 && (await sending()).count === texts, {
      withinMs: 60_000,
    });
    const sentBadly = running.gateway.sent.count;
    expect(sentBadly).toBeGreaterThanOrEqual(workers * maxMaybeSentInARow);

    await breakerIs(1);

    running.gateway.script([]);
    const outcomes = await outcomesOf(running.client, guids, 150_000);
    await breakerIs(0);
    const verdicts = compare(acknowledged, outcomes, running.gateway.sent.texts);
    const bound = workers * (maxMaybeSentInARow + atATime + maxProbes(performance.now() - fromMs));
    console.log(`${verdicts.uncertain.length} of ${texts} uncertain, at most ${bound}`);
    expect({ ...verdicts, uncertain: [] }).toEqual({ lost: [], twice: [], unanswered: [], uncertain: [] });
    expect(verdicts.uncertain.length).toBeLessThanOrEqual(bound);
    expect(new Set(sendsByNumber(running).values())).toEqual(new Set([1]));
    expect(running.gateway.sent.count).toBe(texts);
  });
});

describe('a proxy that hands each send on and answers 503 to half of them', () => {
  const texts = 200;
  let proxy: Server | undefined;
  afterEach(() => void proxy?.close());

  it.each([
    ['without Retry-After', {}],
    ['with Retry-After', { 'retry-after': '1' }],
  ])(`causes no second send: %s`, async (_, headers) => {
    let requests = 0;
    let refused = 0;
    proxy = createServer((incoming, outgoing) => {
      const isRefused = requests++ % 2 === 0;
      const { method, url: path, headers: sent } = incoming;
      const onward = request(`${fleet?.gateway.url}${path}`, { method, headers: sent }, (response) => {
        if (!isRefused) return void response.pipe(outgoing.writeHead(response.statusCode ?? 502, response.headers));
        refused++;
        response.resume();
        outgoing.writeHead(503, headers).end('busy');
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => proxy?.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;

    const running = (fleet = await startFleet({ script: [], env: { SMS_MOBILE_API_URL: `http://127.0.0.1:${port}` } }));
    const { acknowledged } = await postTexts(running.webhook, { count: texts, perSecond: 50 });
    const outcomes = await outcomesOf(running.client, [...acknowledged.keys()], 120_000);
    const verdicts = compare(acknowledged, outcomes, running.gateway.sent.texts);
    console.log(`${refused} of ${requests} sends were answered 503, ${verdicts.uncertain.length} uncertain`);
    expect({ ...verdicts, uncertain: [] }).toEqual({ lost: [], twice: [], unanswered: [], uncertain: [] });
    expect(verdicts.uncertain.length).toBe(refused);
    expect(requests).toBe(texts);
    expect(new Set(sendsByNumber(running).values())).toEqual(new Set([1]));
  });
});
