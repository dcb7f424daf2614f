import { mkdir } from 'node:fs/promises';
import { connectTo, startTemporal } from '../test/kit/temporal.js';
import { startClient } from './client/client.js';
import { benchOptions } from './options.js';
import { writeDocs, writeResult } from './report/docs.js';
import { machine } from './report/machine.js';
import { type Scope, withScope } from './scope.js';
import { nowhere, startApi } from './servers/answerback.js';
import { createSlowDisk } from './slow-disk/disk.js';
import { slowDiskReport } from './slow-disk/report.js';
import { startSampler } from './slow-disk/sampler.js';
import { slowSyncs } from './slow-disk/slow-syncs.js';

/**
 * `npm run bench:slow-disk`: acknowledgements on a disk of 3,000 operations a second and 1 ms a sync. Options:
 * `--minutes`, `--per-second`, `--temporal` (forwards to an embedded server meanwhile), `--write-docs`.
 */
const options = benchOptions({ minutes: 15, 'per-second': 500 }, ['temporal']);
const { minutes, 'per-second': perSecond, temporal } = options;
const [operationsPerSecond, syncMs] = [3_000, 1];
const [warmUpSeconds, usualDiskSeconds] = [5, 30];

await withScope(async (scope) => {
  const here = await machine();
  const disk = await createSlowDisk(operationsPerSecond);
  scope.onEnd(() => disk.remove());
  const client = startClient();
  scope.onEnd(() => client.close());
  const post = (port: number, seconds: number) =>
    client.measure(port, { kind: 'paced', perSecond, seconds, messagesPerRequest: 1 });

  console.log(`${perSecond} messages a second on the machine's own disk …`);
  const usual = await startApi(`${scope.folder}/usual`, { temporalAddress: nowhere });
  scope.onEnd(() => usual.program.stop('SIGKILL'));
  await post(usual.port, warmUpSeconds);
  const onUsualDisk = await post(usual.port, usualDiskSeconds);
  await usual.program.stop();

  console.log(`The same on the slow disk for ${minutes} min …`);
  const temporalAddress = temporal ? await startServer(scope) : nowhere;
  const dataDir = `${disk.folder}/data`;
  const command = [...slowSyncs(syncMs), process.execPath];
  const api = await startApi(scope.folder, { temporalAddress, settings: { DATA_DIR: dataDir }, command });
  scope.onEnd(() => api.program.stop('SIGKILL'));
  await post(api.port, warmUpSeconds);
  const sampler = startSampler(disk, dataDir, api.program.pid);
  const acknowledged = await post(api.port, Math.round(minutes * 60));
  const sampled = await sampler.stop();

  const { measuredPerSecond } = disk;
  const run = { ...here, minutes, perSecond, temporal, disk: { operationsPerSecond, measuredPerSecond, syncMs } };
  const report = slowDiskReport(run, { acknowledged, onUsualDisk, sampled });
  console.log(`\n${report}`);
  if (options.writeDocs) {
    await writeResult('slow-disk.json', { run, acknowledged, onUsualDisk, sampled });
    await writeDocs('docs/performance.md', 'bench:slow-disk', report);
  }
});

/** An embedded Temporal server, with its database on the machine's own disk. */
async function startServer(scope: Scope): Promise<string> {
  const folder = `${scope.folder}/temporal`;
  await mkdir(folder);
  const server = await startTemporal(folder);
  scope.onEnd(() => server.stop());
  await (await connectTo(server.address)).close();
  return server.address;
}
