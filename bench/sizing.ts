import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../test/kit/eventually.js';
import { aPost } from './client/requests.js';
import { writeDocs, writeResult } from './report/docs.js';
import { machine } from './report/machine.js';
import { webhookSecret } from '../test/kit/secret.js';
import { withScope } from './scope.js';
import { repliesOf } from './servers/replies.js';
import { databaseBytes, footprintOf } from './servers/footprint.js';
import { startSeparateProcesses } from './servers/separate-processes.js';
import { type Cost, sizingReport } from './sizing/report.js';

/**
 * `npm run bench:sizing`: measures the processor time and disk space of a message in each part, at a steady rate, from
 * the post to the reply. Processor time is measured per process, so other programs on the machine affect it little.
 * `--write-docs` works as in bench:ack.
 */
const [warmUp, messages, perSecond] = process.argv.includes('--quick') ? [50, 100, 10] : [300, 900, 15];

await withScope(async (scope) => {
  const here = await machine();
  const parts = await startSeparateProcesses(scope);
  const send = async (count: number) => {
    const { count: before } = await repliesOf(parts.gatewayUrl);
    const posts = Array.from({ length: count }, async (_, index) => {
      await sleep((index / perSecond) * 1_000);
      const response = await fetch(`http://127.0.0.1:${parts.port}/api/webhook/sms-received`, {
        method: 'POST',
        headers: { 'x-webhook-secret': webhookSecret },
        body: JSON.stringify({ ...aPost, guid: randomUUID() }),
      });
      if (response.status !== 200) throw new Error(`a post was answered with status ${response.status}`);
    });
    await Promise.all(posts);
    await eventually(async () => (await repliesOf(parts.gatewayUrl)).count >= before + count, { withinMs: 120_000 });
  };
  const measure = () => ({
    api: footprintOf(parts.pids.api),
    worker: footprintOf(parts.pids.worker),
    temporal: footprintOf(parts.pids.temporal),
    temporalBytes: databaseBytes(parts.temporalFolder, /^temporal-.*\.sqlite$/),
  });

  await send(warmUp);
  const before = measure();
  await send(messages);
  const after = measure();

  const costOf = (part: 'api' | 'worker' | 'temporal', diskBytes?: number): Cost => ({
    processorMs: (after[part].processorMs - before[part].processorMs) / messages,
    memoryMiB: after[part].memoryMiB,
    maxMemoryMiB: after[part].maxMemoryMiB,
    ...(diskBytes === undefined ? {} : { diskBytes: diskBytes / messages }),
  });
  const costs = {
    api: costOf('api'),
    worker: costOf('worker'),
    temporal: costOf('temporal', after.temporalBytes - before.temporalBytes),
  };
  const run = { ...here, messages, perSecond };
  const report = sizingReport(run, costs);
  console.log(`\n${report}`);
  if (process.argv.includes('--write-docs')) {
    await writeResult('sizing.json', { run, costs });
    await writeDocs('docs/performance.md', 'bench:sizing', report);
  }
});
