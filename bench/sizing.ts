import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../test/helpers/eventually.js';
import { aPost } from './client/requests.js';
import { writeDocs } from './report/docs.js';
import { machine } from './report/machine.js';
import { withScope } from './scope.js';
import { repliesOf } from './servers/replies.js';
import { databaseBytes, footprintOf } from './sizing/footprint.js';
import { startParts } from './sizing/parts.js';
import { type Cost, sizingReport } from './sizing/report.js';

/**
 * `npm run bench:sizing`: what a message costs each part, in processor time and on disk, at a steady rate from the post to the reply.
 * Processor time is counted for each process, so that other programs on the machine disturb it little. `--write-docs` as in bench:ack.
 */
const [warmUp, messages, perSecond] = process.argv.includes('--quick') ? [50, 100, 10] : [300, 900, 15];

await withScope(async (scope) => {
  const here = await machine();
  const parts = await startParts(scope);
  const send = async (count: number) => {
    const { count: before } = await repliesOf(parts.gatewayUrl);
    const posts = Array.from({ length: count }, async (_, index) => {
      await sleep((index / perSecond) * 1_000);
      const response = await fetch(`http://127.0.0.1:${parts.port}/api/webhook/sms-received`, { method: 'POST', body: JSON.stringify({ ...aPost, guid: randomUUID() }) });
      if (response.status !== 200) throw new Error(`a message was answered with ${response.status}`);
    });
    await Promise.all(posts);
    await eventually(async () => (await repliesOf(parts.gatewayUrl)).count >= before + count, { withinMs: 120_000 });
  };
  const look = () => ({
    api: footprintOf(parts.pids.api),
    worker: footprintOf(parts.pids.worker),
    temporal: footprintOf(parts.pids.temporal),
    inboxBytes: databaseBytes(parts.folders.inbox, /^inbox\.sqlite$/),
    temporalBytes: databaseBytes(parts.folders.temporal, /^temporal-.*\.sqlite$/),
  });

  await send(warmUp);
  const before = look();
  await send(messages);
  const after = look();

  const costOf = (part: 'api' | 'worker' | 'temporal', diskBytes?: number): Cost => ({
    processorMs: (after[part].processorMs - before[part].processorMs) / messages,
    memoryMiB: after[part].memoryMiB,
    mostMemoryMiB: after[part].mostMemoryMiB,
    ...(diskBytes === undefined ? {} : { diskBytes: diskBytes / messages }),
  });
  const costs = {
    api: costOf('api', after.inboxBytes - before.inboxBytes),
    worker: costOf('worker'),
    temporal: costOf('temporal', after.temporalBytes - before.temporalBytes),
  };
  const run = { ...here, messages, perSecond };
  const report = sizingReport(run, costs);
  console.log(`\n${report}`);
  if (process.argv.includes('--write-docs')) {
    await writeFile(new URL('results/sizing.json', import.meta.url), `${JSON.stringify({ run, costs }, null, 2)}\n`);
    await writeDocs('docs/performance.md', 'bench:sizing', report);
  }
});
