import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { createDiskImage } from './disk-image.js';
import { eventually } from '../kit/eventually.js';
import { freePorts, type ProductPorts } from '../kit/ports.js';
import { freeze } from './freeze.js';
import { messagesIn } from '../helpers/inbox-file.js';
import { endLeftOverServer, leftOverServer } from '../kit/data-folder.js';
import { postJson, startBuiltProduct } from '../kit/product.js';
import { hasRoot } from '../helpers/root.js';
import { compare, type Verdicts } from './ledger.js';
import { startLoad } from './load.js';
import { outcomesOf } from './outcomes.js';
import { createRandom, seed } from './random.js';
import { lostByInbox } from './inbox-losses.js';
import { lostByTemporal } from './temporal-losses.js';
import type { OnFinished } from './sync.js';

const images = 5;

/** Of a control to show that it loses something, and of its counterpart to lose nothing. */
const maxTries = { NORMAL: 10, FULL: 4 };

/** How long the gateway takes for a send, so that each cut falls into some. */
const sendMs = 100;

describe.skipIf(!hasRoot)('a power cut under load', () => {
  it.concurrent.for(Array.from({ length: images }, (_, index) => index))(
    'image %i: every text is answered once or ends uncertain',
    { timeout: 300_000 },
    async (index, { onTestFinished }) => {
      const ledger = await cutPower({
        name: `power cut ${index}`,
        random: createRandom(seed + index),
        onFinished: onTestFinished,
      });
      expect({ lost: ledger.lost, twice: ledger.twice, unanswered: ledger.unanswered }).toEqual({
        lost: [],
        twice: [],
        unanswered: [],
      });
    },
  );

  it.for(['FULL', 'NORMAL'] as const)('the inbox with synchronous=%s', async (synchronous, { onTestFinished }) => {
    const lost = await untilSeen(maxTries[synchronous], (index) =>
      lostByInbox(synchronous, createRandom(seed + index), onTestFinished),
    );
    if (synchronous === 'FULL') expect(lost).toBe(0);
    else expect(lost).toBeGreaterThan(0);
  });

  it.for(['FULL', 'NORMAL'] as const)('Temporal with synchronous=%s', async (synchronous, { onTestFinished }) => {
    const lost = await untilSeen(maxTries[synchronous], (index) =>
      lostByTemporal(synchronous, createRandom(seed + index), onTestFinished),
    );
    if (synchronous === 'FULL') expect(lost).toBe(0);
    else expect(lost).toBeGreaterThan(0);
  });
});

/** Up to that many tries, the last of which is the first that shows something; how many it shows. */
async function untilSeen(tries: number, attempt: (index: number) => Promise<number>): Promise<number> {
  for (let index = 0; index < tries; index++) {
    const seen = await attempt(index);
    if (seen > 0) return seen;
  }
  return 0;
}

interface Cut {
  name: string;
  random: () => number;
  onFinished: OnFinished;
}

/**
 * Runs the product under load on a disk of its own, cuts the power, starts it again on what is left of the disk, and
 * compares.
 */
async function cutPower({ name, random, onFinished }: Cut): Promise<Verdicts> {
  const gateway = await startSimulatedGateway({ port: 0 });
  onFinished(() => gateway.close());
  gateway.script([{ delayMs: sendMs, times: 1_000_000 }]);
  const env = {
    ...(await freePorts()),
    SMS_MOBILE_API_KEY: 'a-key',
    SMS_MOBILE_API_URL: gateway.url,
    SMS_AUTO_REPLY_ENABLED: 'true',
    LOG_LEVEL: 'warn',
  };
  const { load, left, sentBefore } = await oneByOne(() => loadUntilCut(env, gateway, random, onFinished));

  const { product } = await startOn(left.folder, env, onFinished);
  // As a gateway does with what was not acknowledged.
  const again = [...load.posted].filter(([guid]) => !load.acknowledged.has(guid));
  const messages = again.map(([guid, number]) => ({ guid, number, message: 'Yes, I agree' }));
  await eventually(async () => (await postJson(product.webhook, { messages })).status === 200);

  const client = new Client({ connection: await Connection.connect({ address: `127.0.0.1:${env.TEMPORAL_PORT}` }) });
  onFinished(() => client.connection.close());
  await eventually(() => messagesIn(left.folder) === 0, { withinMs: 60_000 });
  const outcomes = await outcomesOf(client, [...load.posted.keys()], 90_000);
  expect(await product.stop()).toBe(0);

  const ledger = compare(load.posted, outcomes, gateway.sent.texts);
  console.log(
    `${name} (seed ${seed}): ${load.acknowledged.size} acknowledged of ${load.posted.size} posted, ${sentBefore} sends before the cut, ${gateway.sent.count} in all; ` +
      `${ledger.uncertain.length} uncertain, ${ledger.lost.length} lost, ${ledger.unanswered.length} unanswered, ${ledger.twice.length} answered twice`,
  );
  return ledger;
}

async function loadUntilCut(
  env: ProductPorts,
  gateway: SimulatedGateway,
  random: () => number,
  onFinished: OnFinished,
) {
  const disk = await createDiskImage(256);
  onFinished(disk.remove);
  const { product, pids } = await startOn(disk.folder, env, onFinished);
  const load = startLoad(product.webhook);
  onFinished(load.stop);
  await eventually(() => gateway.sent.count > 20, { withinMs: 30_000 });
  await sleep(random() * 2_000);
  await freeze(random() < 0.5 ? pids : [...pids].reverse());
  const left = await disk.copy();
  onFinished(left.remove);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await load.stop();
  const sentBefore = gateway.sent.count;
  await disk.remove();
  return { load, left, sentBefore };
}

let lastTurn: Promise<unknown> = Promise.resolve();

/**
 * One load at a time, while the cuts before it recover, which is mostly waiting for the timeouts of sends that were
 * cut.
 */
function oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
  const turn = lastTurn.then(work);
  lastTurn = turn.catch(() => undefined);
  return turn;
}

async function startOn(folder: string, env: ProductPorts, onFinished: OnFinished) {
  const product = await startBuiltProduct({ ...env, DATA_DIR: folder });
  onFinished(async () => {
    product.child.kill('SIGKILL');
    await endLeftOverServer(folder);
  });
  return { product, pids: [product.child.pid as number, (await leftOverServer(folder)) as number] };
}
