import type { Worker } from '@temporalio/worker';
import { createConsider } from '../../activities/consider.js';
import { createModel } from '../../activities/model.js';
import { observedModel } from '../../activities/observed-model.js';
import type { Config } from '../../config/config.js';
import { modelQueueOf, taskQueue } from '../../domain/names.js';
import { createSenderOf } from '../../domain/sender.js';
import { createMayReply } from '../../domain/sender-list.js';
import type { Gateway } from '../../gateways/gateway.js';
import { gateways } from '../../gateways/registry.js';
import type { Log } from '../../log/log.js';
import type { WorkerMetrics } from '../../metrics/worker.js';
import type { CurrentPlaybook } from '../../playbook/load.js';
import { type ActivityWorker, createActivityWorker, createWorker, type WorkerConnection } from '../create-worker.js';

export interface MessageWorkersOptions {
  connection: WorkerConnection;
  config: Config;
  playbook: CurrentPlaybook;
  /** Returns the URL of a run in Temporal Web UI, for the log. */
  runUrl: (workflowId: string, runId: string) => string;
  /** Aborts requests to the model. */
  stopping: AbortSignal;
  observers: WorkerMetrics;
  log: Log;
}

/** Maximum of requests to the model that one worker makes at once. */
const maxRequests = 100;

/** Creates the worker for the workflows, and the one that labels messages by the model. */
export function createMessageWorkers({
  connection,
  config,
  observers,
  log,
  ...options
}: MessageWorkersOptions): [Promise<Worker>, Promise<ActivityWorker>] {
  const { consider, considerByModel } = createConsider({
    ...config,
    ...options,
    model: config.openai ? observedModel(createModel(config.openai), observers.model) : undefined,
    mayReply: createMayReply(config.repliedSenders, createSenderOf(config.defaultCountry)),
    isRepeatable,
    log,
    observer: observers.consider,
  });
  return [
    createWorker({
      ...connection,
      activities: { consider },
      onReply(guid, outcome, reason) {
        observers.replies.onReply(outcome, reason);
        if (outcome === 'skipped') log.info({ event: 'reply.skipped', guid, reason }, `Auto-reply skipped: ${reason}`);
      },
    }),
    // Also without a model: messages that were to be labelled by one may still wait, and the rules label them.
    createActivityWorker({
      ...connection,
      taskQueue: modelQueueOf(taskQueue),
      activities: { considerByModel },
      maxConcurrent: maxRequests,
      perSecond: config.limits.openaiPerSecond,
    }),
  ];
}

/** Tells whether the provider behind a gateway knows a send by its mark. */
const isRepeatable = (name: string): boolean =>
  gateways.some((gateway: Gateway) => gateway.name === name && gateway.isRepeatable === true);
