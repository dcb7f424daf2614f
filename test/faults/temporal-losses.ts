import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { DevServer } from '../../src/temporal/dev-server/server.js';
import { createDiskImage } from './disk-image.js';
import { eventually } from '../kit/eventually.js';
import { freeze } from './freeze.js';
import { silentLog } from '../helpers/logs.js';
import { leftOverServer } from '../kit/data-folder.js';
import { startTemporal, temporalProgram } from '../kit/temporal.js';
import { unsyncedTemporal } from './controls/unsynced-temporal.js';
import { outcomeOf } from './outcomes.js';
import { seed } from './random.js';
import { type OnFinished, sync } from './sync.js';

/** How many acknowledged starts a power cut takes from Temporal. */
export async function lostByTemporal(
  synchronous: 'FULL' | 'NORMAL',
  random: () => number,
  onFinished: OnFinished,
): Promise<number> {
  const disk = await createDiskImage(256);
  onFinished(disk.remove);
  // A server that has ended cleanly leaves no log behind. A log of 1,000 pages is synced at each commit even with
  // NORMAL, so the
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
  console.log(
    `Temporal, synchronous=${synchronous} (seed ${seed}): ${lost} of ${found.length} acknowledged starts lost`,
  );
  return lost;
}

/** What a server on this folder knows of these runs; nothing where it does not stay up there. */
async function outcomesOn(folder: string, workflowIds: string[], onFinished: OnFinished): Promise<string[]> {
  let server: DevServer | undefined;
  try {
    server = await startTemporalOn(folder, 'FULL', onFinished);
    const client = new Client({ connection: await Connection.connect({ address: server.address }) });
    const outcomes = await Promise.all(workflowIds.map((workflowId) => outcomeOf(client, workflowId)));
    await client.connection.close();
    return outcomes;
  } catch (error) {
    console.log(
      `Temporal does not run on what was left: ${String(error)}\n${await readFile(path.join(folder, 'temporal-server.log'), 'utf8')}`,
    );
    return workflowIds.map(() => 'no server');
  } finally {
    await server?.stop();
  }
}

async function startTemporalOn(
  dataDir: string,
  synchronous: 'FULL' | 'NORMAL',
  onFinished: OnFinished,
): Promise<DevServer> {
  const real = await temporalProgram();
  const unsynced = await unsyncedTemporal(real);
  onFinished(unsynced.remove);
  const server = await startTemporal(dataDir, {
    binary: synchronous === 'FULL' ? real : unsynced.binary,
    log: silentLog,
    maxRestarts: 0,
  });
  onFinished(() => server.stop());
  return server;
}

/** Starts runs that no worker takes, a few at a time, until it is stopped. */
function startWorkflows(address: string) {
  const acknowledged: string[] = [];
  let stopping = false;
  // Without the client's own retries, which a connection that is closed does not end.
  const connecting = Connection.connect({ address, interceptors: [] });

  async function startInARow(row: number): Promise<void> {
    const client = new Client({ connection: await connecting });
    for (let index = 0; !stopping; index++) {
      const workflowId = `start-${row}-${index}`;
      await client.withDeadline(Date.now() + 5_000, () =>
        client.workflow.start('answerMessage', { workflowId, taskQueue: 'without-worker', args: [] }),
      );
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
