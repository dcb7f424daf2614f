import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { defaultCacheFolder, findTemporalBinary } from '../../src/temporal/binary.js';
import { hasOldBacklog } from '../../src/temporal/old-backlog.js';
import { startTemporalServer } from '../../src/temporal/server.js';
import { taskQueue } from '../../src/temporal/contract.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/free-port.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../helpers/product.js';
import { connectForTest } from '../helpers/temporal.js';

const activities: Activities = {
  classify: async () => ({ label: 'Agree', by: 'rules', parkMs: 1_000, answer: 'Thank you!' }),
  sendReply: async () => ({ reply: 'sent' }),
};

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

  const old = spawn(binary.path, ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--headless', '--db-filename', database, '--sqlite-pragma', 'journal_mode=WAL', '--dynamic-config-value', 'matching.enableFairness=false'], { stdio: 'ignore' });
  const message = aMessage();
  const before = await connectForTest(suite, { taskQueue });
  await before.startWorkflow(message);
  await eventually(() => hasOldBacklog(database), { withinMs: 30_000 });
  await before.close();
  old.kill('SIGTERM');
  await once(old, 'exit');

  async function start() {
    const server = await startTemporalServer({ ...common, binary, dataDir: data.path, port, uiPort, onExit: (error) => console.error(error) });
    return { server, told: events.splice(0).map(({ event }) => event).filter((event) => event !== 'temporal.stopped') };
  }
  const { server, told } = await start();
  expect(told).toEqual(['temporal.unfair']);
  const after = await connectForTest(suite, { taskQueue });
  const outcome: unknown = await after.withWorker(activities, () => after.client.workflow.getHandle(message.guid).result());
  expect(outcome).toMatchObject({ reply: 'sent' });
  await after.close();
  await server.stop();

  const next = await start();
  expect(next.told).toEqual([]);
  await next.server.stop();
});
