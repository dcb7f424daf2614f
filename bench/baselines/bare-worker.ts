import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import pino from 'pino';
import { type InboundMessage, messageVersion } from '../../src/domain/message.js';
import { defaultGateway } from '../../src/gateways/registry.js';
import { prepareRuntime } from '../../src/temporal/runtime.js';
import { aPost } from '../client/requests.js';
import { createBareActivities } from './bare-activities.js';
import type { BareResponse, BareOrder } from './bare-orders.js';
import type { bareWorkflow } from './bare-workflow.js';

/**
 * Runs a worker and starts its workflows in one process: `bare-worker.ts <server> [eager]`.
 */
const [address = '', eager] = process.argv.slice(2);
const taskQueue = 'bench-bare';

/** Concurrent starts, as many as the forwarder makes. */
const concurrency = 10;

const onReply = new Map<string, (at: number) => void>();
const activities = createBareActivities((guid, at) => onReply.get(guid)?.(at));

prepareRuntime(pino({ level: 'silent' }));
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('bare-workflow.ts', import.meta.url)),
  logger: new DefaultLogger('WARN'),
});
const connection = await NativeConnection.connect({ address });
const client = new Client({ connection });
const worker = await Worker.create({ connection, namespace: 'default', taskQueue, activities, workflowBundle });
const running = worker.run();

/** Starts one workflow. `replied` resolves with the time at which its second activity ran. */
function begin(): { started: Promise<unknown>; replied: Promise<number> } {
  const { date, hour, time_received: timeReceived, message: text, number } = aPost;
  const message: InboundMessage = {
    version: messageVersion,
    id: randomUUID(),
    from: number,
    sender: number,
    text,
    acceptedAt: new Date().toISOString(),
    gateway: defaultGateway.name,
    date,
    hour,
    timeReceived,
  };
  const replied = new Promise<number>((resolve) => onReply.set(message.id, resolve));
  const started = client.workflow.start<typeof bareWorkflow>('bareWorkflow', {
    workflowId: message.id,
    taskQueue,
    args: [message],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    requestEagerStart: eager === 'eager',
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

const respond = (response: BareResponse) => process.send?.(response);
process.on('message', (order: BareOrder) => {
  const work = order.kind === 'idle' ? idle(order.samples) : throughput(order.messages).then((value) => [value]);
  work.then(
    (values) => respond({ kind: 'measured', values }),
    (error: unknown) => respond({ kind: 'failed', error: String(error) }),
  );
});
process.on('disconnect', () => {
  worker.shutdown();
  void running.then(() => process.exit());
});
respond({ kind: 'ready' });
