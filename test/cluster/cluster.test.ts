import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookPath } from '../helpers/api.js';
import { webhookSecret } from '../kit/secret.js';
import { connectTemporal } from '../../src/temporal/connect.js';
import { outcomesOf, reasonsOfUncertain } from '../faults/outcomes.js';
import { compare, uncertainButSent } from '../faults/ledger.js';
import { eventually } from '../kit/eventually.js';
import { projectFolder } from '../kit/program.js';
import { quietRuntime } from '../kit/temporal.js';
import { type Balancer, startBalancer } from '../helpers/balancer.js';
import { type Cluster, startCluster } from './cluster.js';
import { type Members, startMembers } from './members.js';
import { nothingPosted, postTwice, type Posted } from './post-twice.js';

let cluster: Cluster;
let members: Members;
let balancer: Balancer;
let connection: NativeConnection;

beforeAll(async () => {
  cluster = await startCluster();
  quietRuntime();
  ({ connection } = await connectTemporal({ connectionOptions: { address: cluster.address } }, { retryForMs: 30_000 }));
  members = await startMembers(cluster);
  balancer = startBalancer(
    members.apis.map(({ port }) => port),
    `${webhookPath}/${webhookSecret}`,
  );
  await eventually(() => balancer.isReady(0) && balancer.isReady(1));
});

afterAll(async () => {
  balancer?.close();
  await connection?.close();
  await members?.stop();
  await cluster?.stop();
});

/** Not a number, neither empty nor behind, while one of them is unknown. */
const depth = () => members.apis.reduce((sum, api) => sum + (api.depth() ?? NaN), 0);

/** What is promised: an acknowledgement of every post at once, and one reply to each text. */
async function expectKept(posted: Posted, count: number): Promise<void> {
  expect({ acknowledged: posted.acknowledged.size, failed: posted.failed }).toEqual({
    acknowledged: count,
    failed: 0,
  });
  const client = new Client({ connection });
  const outcomes = await outcomesOf(client, [...posted.acknowledged.keys()], 90_000);
  const reasons = await reasonsOfUncertain(client, outcomes);
  const { uncertain, ...others } = compare(posted.acknowledged, outcomes, members.gateway.sent.texts);
  expect(others, reasons).toEqual({ lost: [], twice: [], unanswered: [] });
  expect(uncertainButSent(uncertain, posted.acknowledged, members.gateway.sent.texts), reasons).toEqual([]);
  // Never sent: none on a quiet machine.
  expect(uncertain.length, reasons).toBeLessThanOrEqual(count / 100);
  for (const guid of uncertain) outcomes.delete(guid);
  expect(new Set(outcomes.values())).toEqual(new Set(['sent']));
}

it(
  'two apis and two workers answer 1,000 texts once each, through a rolling update and a restart of Postgres',
  { timeout: 400_000 },
  async () => {
    const posted = nothingPosted();
    const traffic = postTwice(balancer, { count: 1_000, perSecond: 14, isBehind: () => depth() > 100, posted });
    const { apis, workers } = members;
    const exitCodes: Record<string, number | null> = {};
    const steps: Array<[number, () => Promise<unknown>]> = [
      ...[apis[0], workers[0], apis[1], workers[1]].map((member, place): [number, () => Promise<unknown>] => [
        100 + 180 * place,
        async () => (exitCodes[member.name] = await member.restart()),
      ]),
      [820, () => cluster.restartPostgres()],
    ];
    for (const [acknowledged, step] of steps) {
      await eventually(() => posted.acknowledged.size >= acknowledged, { withinMs: 120_000 });
      await step();
      await eventually(() => balancer.isReady(0) && balancer.isReady(1));
    }
    await traffic;

    await eventually(() => depth() === 0, { withinMs: 60_000 });
    await expectKept(posted, 1_000);
    expect(exitCodes).toEqual({ 'api 1': 0, 'worker 1': 0, 'api 2': 0, 'worker 2': 0 });
    console.log(
      `${posted.posts} posts of 1,000 texts, none failed; the Temporal server ended ${cluster.serverRestarts()} time(s)`,
    );
  },
);

it(
  'an api that is drained under load can be removed with its folder, and nothing is lost',
  { timeout: 200_000 },
  async () => {
    const [staying, leaving] = members.apis;
    const posted = nothingPosted();
    const plan = { count: 200, from: 1_000, isBehind: () => (staying.depth() ?? 0) > 100, posted };
    const traffic = postTwice(balancer, { ...plan, perSecond: 14 });
    await eventually(() => posted.acknowledged.size >= 50);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['dist/cli/main.js', 'drain', '--within', '1m', '--quiet', '2s', '--json'],
      { cwd: projectFolder, env: leaving.env },
    );
    expect(JSON.parse(stdout)).toEqual({ draining: true, depth: 0, stuck: 0, quarantined: 0, temporalAway: false });
    expect(posted.acknowledged.size).toBeLessThan(200);
    expect(balancer.isReady(1)).toBe(false);
    expect(await leaving.stop()).toBe(0);
    expect(leaving.depth()).toBe(0);
    await rm(leaving.dataDir, { recursive: true });

    await traffic;
    // Also what only the other one knew: here it is a text like any other, and Temporal refuses it.
    await postTwice(balancer, { ...plan, perSecond: 100 });
    await eventually(() => staying.depth() === 0, { withinMs: 60_000 });
    await expectKept(posted, 200);
  },
);
