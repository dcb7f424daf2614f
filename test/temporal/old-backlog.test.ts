import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { defaultCacheFolder, findTemporalBinary } from '../../src/temporal/binary.js';
import { hasOldBacklog } from '../../src/temporal/old-backlog.js';
import { startTemporalServer } from '../../src/temporal/server.js';
import { sendQueue, taskQueue } from '../../src/temporal/contract.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/free-port.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../helpers/product.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

const activities: Activities = {
  classify: async () => ({ label: 'Agree', by: 'rules', parkMs: 1_000, answer: 'Thank you!' }),
  sendReply: async () => ({ reply: 'sent' }),
};

/** How many workflow tasks the server says wait in the queue. */
async function waiting({ connection }: TemporalForTest): Promise<number> {
  const { taskQueueStatus } = await connection.workflowService.describeTaskQueue({ namespace: 'default', taskQueue: { name: taskQueue }, taskQueueType: 1, includeTaskQueueStatus: true });
  return Number(taskQueueStatus?.backlogCountHint);
}

/** As the product's server has. */
const onePartition = ['Read', 'Write'].flatMap((kind) => ['--dynamic-config-value', `matching.numTaskqueue${kind}Partitions=1`]);

test('what waits on a server from before there was fairness is handed out first, and senders take turns from the next start on', { timeout: 120_000 }, async () => {
  const { log, events } = recordingLog();
  const common = { log, stopping: new AbortController().signal };
  const env = process.env as Record<string, string>;
  const binary = await findTemporalBinary({ ...common, searchPath: env['PATH'] ?? '', cacheFolder: defaultCacheFolder(env) });
  const data = await dataFolder();
  onTestFinished(data.remove);
  const [port, uiPort] = await Promise.all([freePort(), freePort()]);
  const database = path.join(data.path, `temporal-${binary.serverVersion.split('.').slice(0, 2).join('.')}.sqlite`);
  const suite = { temporalAddress: `127.0.0.1:${port}`, workflowBundlePath: inject('workflowBundlePath') };
  expect(hasOldBacklog(database)).toBe(false);

  const old = spawn(binary.path, ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--headless', '--db-filename', database, '--sqlite-pragma', 'journal_mode=WAL', '--dynamic-config-value', 'matching.enableFairness=false', ...onePartition], { stdio: 'ignore' });
  onTestFinished(() => void old.kill('SIGKILL'));
  const message = aMessage();
  const before = await connectForTest(suite, { taskQueue });
  onTestFinished(() => before.close());
  await before.startWorkflow(message);
  await eventually(() => hasOldBacklog(database), { withinMs: 30_000 });
  old.kill('SIGTERM');
  await once(old, 'exit');

  async function start() {
    const server = await startTemporalServer({ ...common, binary, dataDir: data.path, port, uiPort, onExit: (error) => console.error(error) });
    onTestFinished(() => server.stop());
    return { server, told: events.splice(0).map(({ event }) => event).filter((event) => event !== 'temporal.stopped') };
  }
  const { server, told } = await start();
  expect(told).toEqual(['temporal.unfair']);
  const after = await connectForTest(suite, { taskQueue });
  onTestFinished(() => after.close());
  await after.withWorker(activities, async () => {
    expect(await after.client.workflow.getHandle(message.guid).result()).toMatchObject({ reply: 'sent' });
    // The run may have gone on by a newer task, and the old one be dropped later.
    await eventually(async () => (await waiting(after)) === 0, { withinMs: 30_000 });
  });
  await server.stop();

  const next = await start();
  expect(next.told).toEqual([]);
  await next.server.stop();
});

test.each([
  ['of our queue', taskQueue, true],
  ['of a partition of it', `/_sys/${taskQueue}/2`, true],
  ['of a queue with a limit', sendQueue, true],
  ["of a worker's own queue, on a machine of our name", `4711@${taskQueue}-1-0b2c`, false],
  ['of somebody else', 'orders', false],
])('a task %s counts as old backlog or not', async (_which, queue, counts) => {
  const data = await dataFolder();
  onTestFinished(data.remove);
  const file = path.join(data.path, 'temporal.sqlite');
  const database = new Database(file);
  database.exec('CREATE TABLE tasks (task_queue_id BLOB)');
  database.prepare('INSERT INTO tasks VALUES (?)').run(Buffer.concat([Buffer.alloc(16, 7), Buffer.from(queue), Buffer.from([1])]));
  database.close();
  expect(hasOldBacklog(file)).toBe(counts);
});
