import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { createSenderLimits } from '../../src/temporal/sender-limits.js';
import { eventually } from '../kit/eventually.js';
import { testSecret } from '../kit/secret.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

let temporal: TemporalForTest;
beforeAll(async () => {
  temporal = await connectForTest();
});
afterAll(() => temporal.close());

const senderKey = createSenderKey(testSecret);
const limits = [
  { replies: 3, withinMs: 600_000 },
  { replies: 5, withinMs: 86_400_000 },
];
const worker = (client: Client, of = limits) => createSenderLimits(client, { limits: of, senderKeys: [senderKey] });

/** Starts runs of one sender, which wait for a worker, and returns them once visibility has all. */
async function runsOf(count: number) {
  const from = `+1555${Math.random().toString().slice(2, 9)}`;
  const runs = [];
  for (let number = 0; number < count; number++) {
    const message = aMessage({ id: `limit-${randomUUID()}`, from });
    await temporal.startWorkflow(message);
    const { startTime } = await temporal.client.workflow.getHandle(message.id).describe();
    runs.push({ workflowId: message.id, startedAtMs: startTime.getTime() });
  }
  const query = `Sender = "${senderKey(from)}"`;
  await eventually(async () => (await temporal.client.workflow.count(query)).count === count);
  return { from, runs };
}

it('one worker lets exactly as many replies through, also at once', async () => {
  const { from, runs } = await runsOf(6);
  const allow = worker(temporal.client);
  const allowed = await Promise.all(runs.map((run) => allow(from, run)));
  expect(allowed.filter(Boolean)).toHaveLength(3);
});

it('a reply counts once, however often it is tried', async () => {
  const { from, runs } = await runsOf(2);
  const allow = worker(temporal.client);
  for (let tries = 0; tries < 5; tries++) expect(await allow(from, runs[0] as never)).toBe(true);
  expect(await allow(from, runs[1] as never)).toBe(true);
});

it('several workers exceed a limit by less than one reply each', async () => {
  const { from, runs } = await runsOf(12);
  const workers = Array.from({ length: 3 }, () => worker(temporal.client));
  let allowed = 0;
  for (const [index, run] of runs.entries()) if (await workers[index % 3]?.(from, run)) allowed++;
  expect(allowed).toBeGreaterThanOrEqual(3);
  expect(allowed).toBeLessThanOrEqual(3 + 2);
});

it('other senders have limits of their own, and none without a limit', async () => {
  const { from, runs } = await runsOf(5);
  const allow = worker(temporal.client);
  for (const run of runs) await allow(from, run);
  const other = await runsOf(1);
  expect(await allow(other.from, other.runs[0] as never)).toBe(true);
  const unlimited = worker(temporal.client, []);
  for (const run of runs) expect(await unlimited(from, run)).toBe(true);
});

it('what was skipped does not count', async () => {
  const { from, runs } = await runsOf(4);
  await skip(runs.slice(0, 3).map(({ workflowId }) => workflowId));
  const query = `Sender = "${senderKey(from)}" AND ReplyState = "skipped"`;
  await eventually(async () => (await temporal.client.workflow.count(query)).count === 3);
  const allow = worker(temporal.client, [{ replies: 2, withinMs: 600_000 }]);
  expect(await allow(from, { workflowId: 'first', startedAtMs: Date.now() })).toBe(true);
  expect(await allow(from, runs[3] as never)).toBe(true);
});

/** Lets a worker end these runs without a reply. */
const skip = (ids: readonly string[]) =>
  temporal.withWorker(
    {
      consider: async ({ id }) => {
        if (!ids.includes(id)) throw new Error('a run of another test');
        return { verdict: { label: 'Neutral', by: 'rules' }, kind: 'silent', reason: 'auto-reply-disabled' };
      },
    },
    () => Promise.all(ids.map((id) => temporal.client.workflow.getHandle(id).result())),
  );
