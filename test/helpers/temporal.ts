import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type { ProvidedContext } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { createKeyring, type PayloadKey } from '../../src/keyring.js';
import type { Log } from '../../src/log.js';
import { connectTemporal } from '../../src/temporal/connect.js';
import { createDataConverter } from '../../src/temporal/data-converter.js';
import { createFairnessKey } from '../../src/temporal/fairness-key.js';
import { ensureNamespace } from '../../src/temporal/namespace.js';
import { prepareRuntime } from '../../src/temporal/runtime.js';
import { createStartWorkflow, type StartWorkflow } from '../../src/temporal/start-workflow.js';
import { createWorker } from '../../src/worker/worker.js';
import type { CountReply } from '../../src/workflows/measure.js';
import { silentLog } from './logs.js';

export interface TemporalForTest {
  connection: NativeConnection;
  client: Client;
  taskQueue: string;
  startWorkflow: StartWorkflow;
  /** Runs a worker with these activities until `work` is done. */
  withWorker<Result>(activities: Partial<Activities>, work: (worker: Worker) => Promise<Result>): Promise<Result>;
  createWorker(activities: Partial<Activities>): Promise<Worker>;
  /** Runs a worker with these activities, and returns what stops it. */
  startWorker(activities: Partial<Activities>): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

let prepared = false;

/** The SDK's native part, once a process, without its log. */
export function quietRuntime(): void {
  if (prepared) return;
  prepared = true;
  // Short, since most of these workers have nothing to wait for.
  process.env['TEMPORAL_POLL_SHUTDOWN_INTERRUPT_WAIT_MS'] = '100';
  prepareRuntime(silentLog);
}

/** A connection to the suite's real server, on a task queue of its own. */
export async function connectForTest(
  suite?: ProvidedContext,
  { payloadKeys = [], taskQueue = `test-${randomUUID()}`, log = silentLog, countReply = () => {} }: { payloadKeys?: PayloadKey[]; taskQueue?: string; log?: Log; countReply?: CountReply } = {},
): Promise<TemporalForTest> {
  const { temporalAddress } = suite ?? (await provided());
  quietRuntime();
  const { connection } = await connectTemporal({ connectionOptions: { address: temporalAddress } }, { retryForMs: 30_000 });
  await ensureNamespace(connection, 'default');
  const dataConverter = createDataConverter(createKeyring(payloadKeys), log);
  const client = new Client({ connection, dataConverter });
  const workerOf = (activities: Partial<Activities>) =>
    createWorker({ connection, namespace: 'default', activities: activities as Activities, dataConverter, taskQueue, countReply });
  return {
    connection,
    client,
    taskQueue,
    startWorkflow: createStartWorkflow(client, { eager: false, fairnessKey: createFairnessKey(payloadKeys), taskQueue }),
    createWorker: workerOf,
    async startWorker(activities) {
      const worker = await workerOf(activities);
      const running = worker.run();
      return async () => {
        worker.shutdown();
        await running;
      };
    },
    async withWorker(activities, work) {
      const worker = await workerOf(activities);
      return worker.runUntil(() => work(worker));
    },
    close: () => connection.close(),
  };
}


/** What the suite provides, where vitest runs it. */
async function provided(): Promise<ProvidedContext> {
  const { inject } = await import('vitest');
  return { temporalAddress: inject('temporalAddress'), workflowBundlePath: inject('workflowBundlePath') };
}
