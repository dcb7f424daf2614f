import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.js';
import { taskQueue as answerbackQueue } from '../temporal/contract.js';

/** Longer than a send (10 s), so that stopping waits for it and never leaves it uncertain. */
const shutdownGraceMs = 12_000;

export interface WorkerSettings {
  connection: NativeConnection;
  namespace: string;
  activities: Activities;
  /** Where the packed workflows lie; default: beside the build. */
  bundlePath?: string;
  /** Default: the one that every api starts workflows on. */
  taskQueue?: string;
}

/** A worker for the workflows and the activities. It stops only when told by `shutdown()`. */
export async function createWorker({ connection, namespace, activities, bundlePath, taskQueue }: WorkerSettings): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueue ?? answerbackQueue,
    activities,
    workflowBundle: { codePath: bundlePath ?? fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)) },
    shutdownGraceTime: shutdownGraceMs,
    maxCachedWorkflows: 500,
  } satisfies WorkerOptions);
}
