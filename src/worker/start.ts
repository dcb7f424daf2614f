import type { DataConverter } from '@temporalio/common';
import type { Registry } from 'prom-client';
import { createActivities } from '../activities/index.js';
import { measuredModel } from '../activities/measured-model.js';
import { createModel } from '../activities/model.js';
import type { Config } from '../config.js';
import { measuredGateway } from '../gateways/measured-gateway.js';
import { createSmsMobileApi } from '../gateways/sms-mobile-api.js';
import type { Log } from '../log.js';
import { createWorkerMetrics, exportRunning } from '../metrics/worker.js';
import type { CurrentPlaybook } from '../playbook/file.js';
import type { Starting } from '../process.js';
import { createIsAskedSinceReset } from '../temporal/asked-since-reset.js';
import type { TemporalConnection } from '../temporal/connect.js';
import { classificationQueue, sendQueue } from '../temporal/contract.js';
import { createLimitedWorker, createWorker } from './worker.js';

export interface WorkerParts {
  config: Config;
  playbook: CurrentPlaybook;
  temporal: TemporalConnection;
  /** How payloads are written; the api that starts the runs has the same. */
  dataConverter: DataConverter;
  /** The address of a run in Temporal Web UI, for the log. */
  runUrl: (workflowId: string, runId: string) => string;
  /** Where its metrics are added. */
  metrics: Registry;
  /** Hears, once it runs, how to ask whether it still takes work; default: nobody asks. */
  onRunning?: (isRunning: () => boolean) => void;
  log: Log;
}

/** Wires the worker from the settings and runs it. Returns what stops it, which may be called more than once. */
export async function startWorker({ config, playbook, temporal, dataConverter, runUrl, metrics, onRunning = () => {}, log }: WorkerParts, { stopping, fail }: Pick<Starting, 'stopping' | 'fail'>): Promise<() => Promise<void>> {
  const { smsPerMinute, openaiPerSecond } = config.limits;
  const measured = createWorkerMetrics(metrics);
  const gateway = createSmsMobileApi(config.gateway);
  const activities = createActivities({
    sendsOn: smsPerMinute === undefined ? undefined : sendQueue,
    modelOn: config.openai && openaiPerSecond !== undefined ? classificationQueue : undefined,
    model: config.openai ? measuredModel(createModel(config.openai), measured.modelAnswered) : undefined,
    playbook,
    autoReply: config.autoReply,
    gateway: measuredGateway(gateway, measured.gatewayAnswered(gateway.name)),
    parkMs: config.parkMs,
    logTexts: config.logTexts,
    replyMaxAgeMs: config.replyMaxAgeMs,
    replyRetryForMs: config.replyRetryForMs,
    isAskedSinceReset: createIsAskedSinceReset(temporal),
    stopping,
    runUrl,
    log,
    measure: measured.classify,
  });
  const { classify, sendReply } = activities;
  const common = { connection: temporal.connection, namespace: temporal.namespace, dataConverter };
  // Also without a limit, for what still waits in its queue since there was one.
  const workers = await Promise.all([
    createWorker({ ...common, activities, countReply: measured.countReply }),
    createLimitedWorker({ ...common, taskQueue: sendQueue, activities: { sendReply }, perSecond: smsPerMinute === undefined ? undefined : smsPerMinute / 60 }),
    createLimitedWorker({ ...common, taskQueue: classificationQueue, activities: { classify }, perSecond: openaiPerSecond }),
  ]);
  const isRunning = () => workers.every((worker) => worker.getState() === 'RUNNING');
  exportRunning(metrics, isRunning);
  const running = workers.map((worker) => worker.run());
  onRunning(isRunning);
  for (const run of running) run.catch(fail);
  return async () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(running);
  };
}
