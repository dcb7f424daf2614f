import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { type InjectedSinks, type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.js';
import { taskQueue as answerbackQueue } from '../temporal/contract.js';
import type { CountReply, MeasureSinks } from '../workflows/measure.js';

/** Longer than a send (10 s), so that stopping waits for it and never leaves it uncertain. */
const shutdownGraceMs = 12_000;

/** The workflows as the build has packed them, from wherever this file runs. */
const bundles = {
  plain: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)),
  sealed: fileURLToPath(new URL('../../dist/workflow-bundle-sealed.js', import.meta.url)),
};

export interface WorkerSettings {
  connection: NativeConnection;
  namespace: string;
  activities: Activities;
  dataConverter: DataConverter;
  /** Hears what becomes of each reply; default: nobody does. */
  countReply?: CountReply;
  /** Where the packed workflows lie; default: those of the build. */
  bundlePath?: string;
  /** Default: the one that every api starts workflows on. */
  taskQueue?: string;
}

/** A worker for the workflows and the activities. It stops only when told by `shutdown()`. */
export async function createWorker({ connection, namespace, activities, dataConverter, countReply = () => {}, bundlePath, taskQueue }: WorkerSettings): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueue ?? answerbackQueue,
    activities,
    dataConverter,
    workflowBundle: { codePath: bundlePath ?? (dataConverter.failureConverterPath ? bundles.sealed : bundles.plain) },
    sinks: { measure: { reply: { fn: (_run, ...counted) => countReply(...counted) } } } satisfies InjectedSinks<MeasureSinks>,
    shutdownGraceTime: shutdownGraceMs,
    maxCachedWorkflows: 500,
  } satisfies WorkerOptions);
}

/** How many polls wait for work: enough for 100 sends a second, and for each of a server's usual 4 partitions. */
const limitedPolls = 5;

export interface LimitedWorkerSettings {
  connection: NativeConnection;
  namespace: string;
  dataConverter: DataConverter;
  taskQueue: string;
  activities: Partial<Activities>;
  /** How many of them the server hands out over all workers of this queue; absent: as many as there are. */
  perSecond: number | undefined;
}

/** A worker for the activities that a limit holds to their turn. It has no workflows, and stops only when told by `shutdown()`. */
export async function createLimitedWorker({ perSecond, ...settings }: LimitedWorkerSettings): Promise<Worker> {
  return Worker.create({
    ...settings,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: limitedPolls },
    shutdownGraceTime: shutdownGraceMs,
    ...(perSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: perSecond }),
  } satisfies WorkerOptions);
}
