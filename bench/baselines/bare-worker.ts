import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection } from '@temporalio/worker';
import pino from 'pino';
import type { Activities } from '../../src/activities/index.js';
import type { InboundMessage } from '../../src/message.js';
import { prepareRuntime } from '../../src/temporal/runtime.js';
import { createWorker } from '../../src/worker/worker.js';
import { aPost } from '../client/requests.js';
import { createBareActivities } from './bare-activities.js';
import type { BareAnswer, BareOrder } from './bare-orders.js';
import type { bareWorkflow } from './bare-workflow.js';

/** A worker and the starts of its workflows in one process, as `npm start` has them: `bare-worker.ts <server> <file for the bundle>`. */
const [address = '', bundlePath = ''] = process.argv.slice(2);
const taskQueue = 'bench-bare';

/** As many starts at once as the forwarder makes. */
const concurrency = 10;

const onReply = new Map<string, (at: number) => void>();
const activities = createBareActivities((guid, at) => onReply.get(guid)?.(at));

prepareRuntime(pino({ level: 'silent' }));
const { code } = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('bare-workflow.ts', import.meta.url)), logger: new DefaultLogger('WARN') });
await writeFile(bundlePath, code);
const connection = await NativeConnection.connect({ address });
const client = new Client({ connection });
// The product's own worker, with other activities.
const worker = await createWorker({ connection, namespace: 'default', activities: activities as unknown as Activities, dataConverter: {}, bundlePath, taskQueue });
const running = worker.run();

/** Starts one workflow; `replied` is the time at which its second activity ran. */
function begin(): { started: Promise<unknown>; replied: Promise<number> } {
  const { date, hour, time_received: timeReceived, message: text, number } = aPost;
  const message: InboundMessage = { guid: randomUUID(), number, text, acceptedAt: new Date().toISOString(), gateway: 'smsmobileapi', date, hour, timeReceived };
  const replied = new Promise<number>((resolve) => onReply.set(message.guid, resolve));
  const started = client.workflow.start<typeof bareWorkflow>('bareWorkflow', {
    workflowId: message.guid,
    taskQueue,
    args: [message],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    requestEagerStart: true,
  });
  return { started, replied };
}

async function throughput(messages: number): Promise<number> {
  const startedAt = performance.now();
  const replies: Promise<number>[] = [];
  const startInTurn = async () => {
    while (replies.length < messages) {
      const { started, replied } = begin();
      replies.push(replied);
      await started;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, startInTurn));
  return messages / ((Math.max(...(await Promise.all(replies))) - startedAt) / 1_000);
}

async function idle(samples: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < samples; i++) {
    await sleep(400);
    const startedAt = performance.now();
    const { started, replied } = begin();
    await started;
    times.push((await replied) - startedAt);
  }
  return times;
}

const tell = (answer: BareAnswer) => process.send?.(answer);
process.on('message', (order: BareOrder) => {
  const work = order.kind === 'idle' ? idle(order.samples) : throughput(order.messages).then((value) => [value]);
  work.then(
    (values) => tell({ kind: 'measured', values }),
    (error: unknown) => tell({ kind: 'failed', error: String(error) }),
  );
});
process.on('disconnect', () => {
  worker.shutdown();
  void running.then(() => process.exit());
});
tell({ kind: 'ready' });
