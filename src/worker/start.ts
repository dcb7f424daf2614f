import type { DataConverter } from '@temporalio/common';
import type { Worker } from '@temporalio/worker';
import type { Registry } from 'prom-client';
import type { Config } from '../config/config.js';
import type { Log } from '../log/log.js';
import { createEventMetrics } from '../metrics/events.js';
import { createWorkerMetrics, exportRunning } from '../metrics/worker.js';
import type { CurrentPlaybook } from '../playbook/load.js';
import type { Lifecycle } from '../process/run-main.js';
import { createIsAskedSince } from '../temporal/asked-since.js';
import type { TemporalConnection } from '../temporal/connect.js';
import type { Senders } from './create-senders.js';
import type { ActivityWorker } from './create-worker.js';
import { createContactWorker } from './queues/contacts.js';
import { createEventWorker } from './queues/events.js';
import { createMessageWorkers } from './queues/messages.js';
import { createSendWorkers } from './queues/sends.js';

export interface StartWorkerOptions {
  config: Config;
  playbook: CurrentPlaybook;
  temporal: TemporalConnection;
  /** What it asks and tells about senders. */
  senders: Senders;
  /** Encodes and decodes payloads. The api must use the same one. */
  dataConverter: DataConverter;
  /** Returns the URL of a run in Temporal Web UI, for the log. */
  runUrl: (workflowId: string, runId: string) => string;
  /** The registry to which the worker adds its metrics. */
  metrics: Registry;
  /** Called once the worker runs, with a function that tells whether it still takes work. */
  onRunning?: (isRunning: () => boolean) => void;
  log: Log;
}

/** Creates the workers from the configuration and runs them. Returns a function that stops them. */
export async function startWorker(
  options: StartWorkerOptions,
  { stopping, fail }: Pick<Lifecycle, 'stopping' | 'fail'>,
): Promise<() => Promise<void>> {
  const { metrics, onRunning = () => {} } = options;
  const workers = await Promise.all(createWorkers(options, stopping));
  const isRunning = () => workers.every(({ worker }) => worker.getState() === 'RUNNING');
  exportRunning(metrics, isRunning);
  const running = workers.map(({ worker }) => worker.run());
  onRunning(isRunning);
  for (const run of running) run.catch(fail);
  return async () => {
    await Promise.all(
      workers.map(async ({ worker, endPolls }) => {
        await endPolls?.();
        if (worker.getState() === 'RUNNING') worker.shutdown();
      }),
    );
    await Promise.allSettled(running);
  };
}

/** Creates a worker for the workflows, and one for each task queue of activities. */
function createWorkers(
  { config, playbook, temporal, senders, dataConverter, runUrl, metrics, log }: StartWorkerOptions,
  stopping: AbortSignal,
): Array<Promise<{ worker: Worker; endPolls?: ActivityWorker['endPolls'] }>> {
  const observers = createWorkerMetrics(metrics);
  const connection = { connection: temporal.connection, namespace: temporal.namespace, dataConverter };
  const isAskedSince = createIsAskedSince(temporal);
  const [messages, model] = createMessageWorkers({ connection, config, playbook, runUrl, stopping, observers, log });
  return [
    messages.then((worker) => ({ worker })),
    model,
    createContactWorker({ connection, ...senders, log }),
    createEventWorker({ connection, receiver: config.events, log, observer: createEventMetrics(metrics) }),
    ...createSendWorkers({ connection, config, observers, isAskedSince, ...senders, log }),
  ];
}
