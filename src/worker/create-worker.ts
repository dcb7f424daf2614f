import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { type InjectedSinks, type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities, EventActivities } from '../activities/index.js';
import { taskQueue as answerbackQueue } from '../domain/names.js';
import { stopWaits } from '../domain/waiting.js';
import type { ReplyOutcome, ReplySinks } from '../workflows/observer.js';
import type { SilenceReason } from '../domain/decision.js';
import { PollSlots } from './poll-slots.js';

/** The workflow bundles in dist, found from src as well as from dist. */
const bundles = {
  plain: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)),
  sealed: fileURLToPath(new URL('../../dist/workflow-bundle-sealed.js', import.meta.url)),
};

export interface WorkerConnection {
  connection: NativeConnection;
  namespace: string;
  dataConverter: DataConverter;
}

export interface CreateWorkerOptions extends WorkerConnection {
  /** Those that workflows run as local activities. */
  activities: Partial<Activities & EventActivities>;
  /** Called with the outcome of each reply. Default: none. */
  onReply?: (workflowId: string, outcome: ReplyOutcome, reason?: SilenceReason) => void;
  /** Path of the workflow bundle. Default: the one in dist. */
  bundlePath?: string;
  /** Default: the task queue on which every api starts workflows. */
  taskQueue?: string;
}

/** Creates the worker for the workflows and their local activities. It stops only when `shutdown()` is called. */
export async function createWorker({
  dataConverter,
  onReply = () => {},
  bundlePath,
  taskQueue = answerbackQueue,
  ...options
}: CreateWorkerOptions): Promise<Worker> {
  return Worker.create({
    ...options,
    taskQueue,
    dataConverter,
    workflowBundle: { codePath: bundlePath ?? (dataConverter.failureConverterPath ? bundles.sealed : bundles.plain) },
    sinks: {
      replies: { onReply: { fn: ({ workflowId }, ...reply) => onReply(workflowId, ...reply) } },
    } satisfies InjectedSinks<ReplySinks>,
    enableNonLocalActivities: false,
    shutdownGraceTime: stopWaits.sendMs,
    maxCachedWorkflows: 500,
  } satisfies WorkerOptions);
}

/** Maximum of open polls: enough for 100 sends a second, and for each of a server's usual 4 partitions. */
const maxQueuePolls = 5;

export interface CreateActivityWorkerOptions extends WorkerConnection {
  taskQueue: string;
  activities: Partial<Activities & EventActivities>;
  /** Maximum of activities that run at once in this worker. */
  maxConcurrent: number;
  /** How many activities a second the server gives to all workers of this queue together. Undefined: no limit. */
  perSecond: number | undefined;
}

export interface ActivityWorker {
  /** It stops only when `shutdown()` is called. */
  worker: Worker;
  /** Ends the polling. Resolves once the worker has every activity that the server gave to it, and can be shut down. */
  endPolls: () => Promise<unknown>;
}

/** Creates a worker for the activities of one queue, without workflows. */
export async function createActivityWorker({
  perSecond,
  maxConcurrent,
  ...options
}: CreateActivityWorkerOptions): Promise<ActivityWorker> {
  const slots = new PollSlots(maxConcurrent);
  const unused = { type: 'fixed-size', numSlots: 2 } as const;
  const worker = await Worker.create({
    ...options,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: maxQueuePolls },
    tuner: {
      activityTaskSlotSupplier: slots,
      workflowTaskSlotSupplier: unused,
      localActivityTaskSlotSupplier: unused,
      nexusTaskSlotSupplier: unused,
    },
    shutdownGraceTime: stopWaits.sendMs,
    ...(perSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: perSecond }),
  } satisfies WorkerOptions);
  return { worker, endPolls: () => Promise.race([slots.close(), sleep(stopWaits.pollsMs, undefined, { ref: false })]) };
}
