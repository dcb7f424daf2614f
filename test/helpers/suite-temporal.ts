import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type { ProvidedContext } from 'vitest';
import type { Activities, EventActivities } from '../../src/activities/index.js';
import { createKeyring, type PayloadKey } from '../../src/secrets/keyring.js';
import type { Log } from '../../src/log/log.js';
import { createDataConverter } from '../../src/temporal/data-converter.js';
import { ensureNamespace, inspectNamespace } from '../../src/temporal/namespace.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { createStartWorkflow, type StartWorkflow } from '../../src/temporal/start-workflow.js';
import { createActivityWorker, createWorker, type CreateWorkerOptions } from '../../src/worker/create-worker.js';
import { contactsQueueOf, eventsQueueOf, modelQueueOf, sendQueueOf } from '../../src/domain/names.js';
import { eventually } from '../kit/eventually.js';
import { testSecret } from '../kit/secret.js';
import { connectTo } from '../kit/temporal.js';
import { silentLog } from './logs.js';
import { aMessage } from './messages.js';

type AnyActivities = Activities & EventActivities;

export interface TemporalForTest {
  connection: NativeConnection;
  client: Client;
  taskQueue: string;
  startWorkflow: StartWorkflow;
  /** Runs a worker with these activities until `work` is done. */
  withWorker<Result>(activities: Partial<AnyActivities>, work: () => Promise<Result>): Promise<Result>;
  /** A worker for the workflows, and one for each queue of the activities that are given, as one. */
  createWorker(activities: Partial<AnyActivities>): Promise<Pick<Worker, 'run' | 'shutdown'>>;
  /** Runs a worker with these activities, and returns what stops it. */
  startWorker(activities: Partial<AnyActivities>): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** A connection to the suite's real server, on a task queue of its own. */
export async function connectForTest(
  suite?: Pick<ProvidedContext, 'temporalAddress'>,
  {
    payloadKeys = [],
    taskQueue = `test-${randomUUID()}`,
    log = silentLog,
    onReply,
    bundlePath,
  }: {
    payloadKeys?: PayloadKey[];
    taskQueue?: string;
    log?: Log;
    onReply?: CreateWorkerOptions['onReply'];
    bundlePath?: string;
  } = {},
): Promise<TemporalForTest> {
  const { temporalAddress } = suite ?? (await provided());
  const connection = await connectTo(temporalAddress);
  const dataConverter = createDataConverter(createKeyring(payloadKeys), log);
  const client = new Client({ connection, dataConverter });
  const common = { connection, namespace: 'default', dataConverter };
  async function workerOf(given: Partial<AnyActivities>) {
    const { consider, prolong, considerByModel, remember, tellParked, postEvent, sendReply } = given;
    const onQueue = async (queue: string, activities: Partial<AnyActivities>) =>
      (
        await createActivityWorker({
          ...common,
          taskQueue: queue,
          activities,
          maxConcurrent: 100,
          perSecond: undefined,
        })
      ).worker;
    const workers = await Promise.all([
      createWorker({
        ...common,
        taskQueue,
        activities: { ...(consider && { consider }) },
        ...(onReply && { onReply }),
        ...(bundlePath !== undefined && { bundlePath }),
      }),
      ...(considerByModel ? [onQueue(modelQueueOf(taskQueue), { considerByModel })] : []),
      ...(remember
        ? [
            onQueue(contactsQueueOf(taskQueue), {
              remember,
              ...(prolong && { prolong }),
              ...(tellParked && { tellParked }),
            }),
          ]
        : []),
      ...(postEvent ? [onQueue(eventsQueueOf(taskQueue), { postEvent })] : []),
      ...(sendReply ? [onQueue(sendQueueOf(taskQueue, aMessage().gateway), { sendReply })] : []),
    ]);
    return {
      run: async () => void (await Promise.all(workers.map((worker) => worker.run()))),
      shutdown: () => workers.forEach((worker) => worker.shutdown()),
    };
  }
  async function startWorker(activities: Partial<AnyActivities>) {
    const worker = await workerOf(activities);
    const running = worker.run();
    return async () => {
      worker.shutdown();
      await running;
    };
  }
  return {
    connection,
    client,
    taskQueue,
    startWorkflow: createStartWorkflow(client, {
      eager: false,
      senderKey: createSenderKey(testSecret),
      log,
      taskQueue,
    }),
    createWorker: workerOf,
    startWorker,
    async withWorker(activities, work) {
      const stop = await startWorker(activities);
      try {
        return await work();
      } finally {
        await stop();
      }
    },
    close: () => connection.close(),
  };
}

/** A namespace of its own on the suite's server, with what Answerback needs. */
export async function namespaceForTest({ connection }: Pick<TemporalForTest, 'connection'>): Promise<string> {
  const namespace = `namespace-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await eventually(() => ensureNamespace(connection, namespace).then(() => true));
  await eventually(() => inspectNamespace(connection, namespace, 0));
  return namespace;
}

/** What the suite provides, where vitest runs it. */
async function provided(): Promise<Pick<ProvidedContext, 'temporalAddress'>> {
  const { inject } = await import('vitest');
  return { temporalAddress: inject('temporalAddress') };
}
