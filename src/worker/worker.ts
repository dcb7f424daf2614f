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
