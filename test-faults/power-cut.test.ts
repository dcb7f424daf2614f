import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { describe, expect, it, type TestContext } from 'vitest';
import { openInboxFile } from '../src/inbox/schema.js';
import { type SimulatedGateway, startSimulatedGateway } from '../src/simulated-gateway/server.js';
import { defaultCacheFolder, findTemporalBinary, type TemporalBinary } from '../src/temporal/binary.js';
import { startTemporalServer, type TemporalServer } from '../src/temporal/server.js';
import { createDiskImage } from '../test/helpers/disk-image.js';
import { eventually } from '../test/helpers/eventually.js';
import { freePort } from '../test/helpers/free-port.js';
import { freeze } from '../test/helpers/freeze.js';
import { readInbox } from '../test/helpers/inbox-file.js';
import { silentLog } from '../test/helpers/logs.js';
import { endLeftOverServer, freePorts, leftOverServer, postJson, type ProductPorts, startBuiltProduct } from '../test/helpers/product.js';
import { hasRoot } from '../test/helpers/root.js';
import { unsyncedTemporal } from './controls/unsynced-temporal.js';
import { compare, type Verdicts } from './ledger.js';
import { startLoad } from './load.js';
import { outcomeOf, outcomesOf } from './outcomes.js';
import { createRandom, seed } from './random.js';
import { startInboxWriter } from './writer.js';

const images = 10;

/** Of a control to show that it loses something, and of its counterpart to lose nothing. */
const mostTries = { NORMAL: 10, FULL: 4 };

/** How long the gateway takes for a send, so that each cut falls into some. */
const sendMs = 100;

type OnFinished = TestContext['onTestFinished'];

describe.skipIf(!hasRoot)('a power cut under load', () => {
  it.concurrent.for(Array.from({ length: images }, (_, index) => index))('image %i: every text is answered once or ends uncertain', { timeout: 300_000 }, async (index, { onTestFinished }) => {
    const ledger = await cutPower({ name: `power cut ${index}`, random: createRandom(seed + index), onFinished: onTestFinished });
    expect({ lost: ledger.lost, twice: ledger.twice, unanswered: ledger.unanswered }).toEqual({ lost: [], twice: [], unanswered: [] });
  });

  it.for(['FULL', 'NORMAL'] as const)('the inbox with synchronous=%s', async (synchronous, { onTestFinished }) => {
    const lost = await untilSeen(mostTries[synchronous], (index) => lostByInbox(synchronous, createRandom(seed + index), onTestFinished));
    if (synchronous === 'FULL') expect(lost).toBe(0);
    else expect(lost).toBeGreaterThan(0);
  });

  it.for(['FULL', 'NORMAL'] as const)('Temporal with synchronous=%s', async (synchronous, { onTestFinished }) => {
    const lost = await untilSeen(mostTries[synchronous], (index) => lostByTemporal(synchronous, createRandom(seed + index), onTestFinished));
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

/** Runs the product under load on a disk of its own, cuts the power, starts it again on what is left of the disk, and compares. */
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
  const { load, left, sentBefore } = await inTurn(() => loadUntilCut(env, gateway, random, onFinished));

  const { product } = await startOn(left.folder, env, onFinished);
  // As a gateway does with what was not acknowledged.
  const again = [...load.posted].filter(([guid]) => !load.acknowledged.has(guid));
  const messages = again.map(([guid, number]) => ({ guid, number, message: 'Yes, I agree' }));
  await eventually(async () => (await postJson(product.webhook, { messages })).status === 200);

  const client = new Client({ connection: await Connection.connect({ address: `127.0.0.1:${env.TEMPORAL_PORT}` }) });
  onFinished(() => client.connection.close());
  await eventually(() => readInbox(left.folder).pending.length === 0, { withinMs: 60_000 });
  const outcomes = await outcomesOf(client, [...load.posted.keys()], 90_000);
  expect(await product.stop()).toBe(0);

  const ledger = compare(load.posted, outcomes, gateway.sent.texts);
  console.log(
    `${name} (seed ${seed}): ${load.acknowledged.size} acknowledged of ${load.posted.size} posted, ${sentBefore} sends before the cut, ${gateway.sent.count} in all; ` +
      `${ledger.uncertain.length} uncertain, ${ledger.lost.length} lost, ${ledger.unanswered.length} unanswered, ${ledger.twice.length} answered twice`,
  );
  return ledger;
}

async function loadUntilCut(env: ProductPorts, gateway: SimulatedGateway, random: () => number, onFinished: OnFinished) {
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

/** One load at a time, while the cuts before it recover, which is mostly waiting for the timeouts of sends that were cut. */
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
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

async function sync(folder: string): Promise<void> {
  await promisify(execFile)('sync', ['--file-system', folder]);
}

/** How many acknowledged GUIDs a power cut takes from the inbox, with nothing else on the disk. */
async function lostByInbox(synchronous: 'FULL' | 'NORMAL', random: () => number, onFinished: OnFinished): Promise<number> {
  const disk = await createDiskImage(256);
  onFinished(disk.remove);
  const writer = await startInboxWriter(disk.folder, synchronous);
  onFinished(writer.kill);
  // So that it is only commits that can be lost, not the file as such.
  await sync(disk.folder);
  await sleep(random() * 1_000);
  await freeze([writer.pid]);
  const left = await disk.copy();
  onFinished(left.remove);
  const acknowledged = await writer.acknowledged();
  await writer.kill();

  // As a start opens it.
  openInboxFile(left.folder).close();
  const { guids, pending } = readInbox(left.folder);
  const kept = new Set(pending);
  const lost = acknowledged.filter((guid) => !guids.has(guid) || !kept.has(guid)).length;
  console.log(`inbox, synchronous=${synchronous} (seed ${seed}): ${lost} of ${acknowledged.length} acknowledged texts lost`);
  return lost;
}

/** How many acknowledged starts a power cut takes from Temporal. */
async function lostByTemporal(synchronous: 'FULL' | 'NORMAL', random: () => number, onFinished: OnFinished): Promise<number> {
  const disk = await createDiskImage(256);
  onFinished(disk.remove);
  // A server that has ended cleanly leaves no log behind. A log of 1,000 pages is synced at each commit even with NORMAL, so the
  // cut comes early.
  await (await startTemporalOn(disk.folder, 'FULL', onFinished)).stop();
  const server = await startTemporalOn(disk.folder, synchronous, onFinished);
  await sync(disk.folder);
  const starts = startWorkflows(server.address);
  const enough = 9 + random() * 6;
  await eventually(() => starts.acknowledged.length > enough);
  const pid = (await leftOverServer(disk.folder)) as number;
  await freeze([pid]);
  const left = await disk.copy();
  onFinished(left.remove);
  const stopped = server.stop();
  process.kill(pid, 'SIGKILL');
  await Promise.all([stopped, starts.stop()]);

  const found = await outcomesOn(left.folder, starts.acknowledged, onFinished);
  const lost = found.filter((outcome) => outcome !== 'open').length;
  console.log(`Temporal, synchronous=${synchronous} (seed ${seed}): ${lost} of ${found.length} acknowledged starts lost`);
  return lost;
}

/** What a server on this folder knows of these runs; nothing where it does not stay up there. */
async function outcomesOn(folder: string, workflowIds: string[], onFinished: OnFinished): Promise<string[]> {
  let server: TemporalServer | undefined;
  try {
    server = await startTemporalOn(folder, 'FULL', onFinished);
    const client = new Client({ connection: await Connection.connect({ address: server.address }) });
    const outcomes = await Promise.all(workflowIds.map((workflowId) => outcomeOf(client, workflowId)));
    await client.connection.close();
    return outcomes;
  } catch (error) {
    console.log(`Temporal does not run on what was left: ${String(error)}\n${await readFile(path.join(folder, 'temporal-server.log'), 'utf8')}`);
    return workflowIds.map(() => 'no server');
  } finally {
    await server?.stop();
  }
}

async function startTemporalOn(dataDir: string, synchronous: 'FULL' | 'NORMAL', onFinished: OnFinished): Promise<TemporalServer> {
  const real = await temporalBinary();
  const unsynced = await unsyncedTemporal(real);
  onFinished(unsynced.remove);
  const server = await startTemporalServer({
    binary: synchronous === 'FULL' ? real : unsynced.binary,
    dataDir,
    port: await freePort(),
    uiPort: await freePort(),
    log: silentLog,
    stopping: new AbortController().signal,
    mostRestarts: 0,
    onExit: (error) => console.error(error),
  });
  onFinished(() => server.stop());
  return server;
}

function temporalBinary(): Promise<TemporalBinary> {
  const env = process.env as Record<string, string>;
  return findTemporalBinary({ searchPath: env['PATH'] ?? '', cacheFolder: defaultCacheFolder(env), log: silentLog, stopping: new AbortController().signal });
}

/** Starts runs that nobody works on, a few at a time, until it is stopped. */
function startWorkflows(address: string) {
  const acknowledged: string[] = [];
  let stopping = false;
  // Without the client's own retries, which a connection that is closed does not end.
  const connecting = Connection.connect({ address, interceptors: [] });

  async function startInARow(row: number): Promise<void> {
    const client = new Client({ connection: await connecting });
    for (let index = 0; !stopping; index++) {
      const workflowId = `start-${row}-${index}`;
      await client.withDeadline(Date.now() + 5_000, () => client.workflow.start('answerMessage', { workflowId, taskQueue: 'nobody', args: [] }));
      acknowledged.push(workflowId);
    }
  }

  const rows = [0, 1, 2, 3].map((row) => startInARow(row).catch(() => undefined));
  return {
    acknowledged,
    async stop() {
      stopping = true;
      await Promise.all(rows);
      await (await connecting).close();
    },
  };
}
