import type { DataConverter } from '@temporalio/common';
import type { Worker } from '@temporalio/worker';
import type { Registry } from 'prom-client';
import { createConsider } from '../activities/consider.js';
import { createPostEvent } from '../activities/post-event.js';
import { createProlong } from '../activities/prolong.js';
import { createRemember } from '../activities/remember.js';
import { createSendReply } from '../activities/send-reply.js';
import { createTellParked } from '../activities/tell-parked.js';
import { observedModel } from '../activities/observed-model.js';
import { createModel } from '../activities/model.js';
import type { Config } from '../config/config.js';
import { withBreaker } from '../gateways/breaker.js';
import { type GatewayObserver, observedGateway } from '../gateways/observed-gateway.js';
import type { Gateway, Outbound } from '../gateways/gateway.js';
import { type GatewayName, gateways } from '../gateways/registry.js';
import type { Log } from '../log/log.js';
import { createEventMetrics } from '../metrics/events.js';
import { type BreakerObserver, createWorkerMetrics, exportRunning } from '../metrics/worker.js';
import type { CurrentPlaybook } from '../playbook/load.js';
import type { Lifecycle } from '../process/run-main.js';
import { createIsAskedSinceReset } from '../temporal/asked-since-reset.js';
import type { TemporalConnection } from '../temporal/connect.js';
import { createSenderOf } from '../domain/sender.js';
import { createMayReply } from '../domain/sender-list.js';
import { contactsQueueOf, eventsQueueOf, modelQueueOf, sendQueueOf, taskQueue } from '../domain/names.js';
import {
  type ActivityWorker,
  createActivityWorker,
  type CreateActivityWorkerOptions,
  createWorker,
} from './create-worker.js';
import type { Senders } from './senders/start.js';

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

/** Maximum of what one worker does at once: few sends and events, since each may hang until its time limit. */
const maxAtOnce = { modelRequests: 100, changes: 20, events: 20, sends: 20 } as const;

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
  { config, playbook, temporal, senders: { contacts, limits, tell }, ...options }: StartWorkerOptions,
  stopping: AbortSignal,
): Array<Promise<{ worker: Worker; endPolls?: ActivityWorker['endPolls'] }>> {
  const { dataConverter, runUrl, metrics, log } = options;
  const observers = createWorkerMetrics(metrics);
  const common = { connection: temporal.connection, namespace: temporal.namespace, dataConverter };
  const { consider, considerByModel } = considerBy({ config, playbook, runUrl, log }, stopping, observers);
  const sendReplyBy = (name: GatewayName, createOutbound: Gateway['createOutbound']) =>
    createSendReply({
      outbound: guarded(createOutbound(config.gateways[name]), observers.gateway(name), log),
      replyRetryForMs: config.replyRetryForMs,
      isAskedSinceReset: createIsAskedSinceReset(temporal),
      contacts,
      limits,
      log,
    });
  const onQueue = (
    queue: string,
    activities: CreateActivityWorkerOptions['activities'],
    maxConcurrent: number,
    perSecond?: number,
  ) => createActivityWorker({ ...common, taskQueue: queue, activities, maxConcurrent, perSecond });
  const postEvent = createPostEvent({ receiver: config.events, log, observer: createEventMetrics(metrics) });
  return [
    createWorker({
      ...common,
      activities: { consider },
      onReply(guid, outcome, reason) {
        observers.replies.onReply(outcome, reason);
        if (outcome === 'skipped') log.info({ event: 'reply.skipped', guid, reason }, `Auto-reply skipped: ${reason}`);
      },
    }).then((worker) => ({ worker })),
    // Also without a model: messages that were to be labelled by one may still wait, and the rules label them.
    onQueue(modelQueueOf(taskQueue), { considerByModel }, maxAtOnce.modelRequests, config.limits.openaiPerSecond),
    onQueue(
      contactsQueueOf(taskQueue),
      {
        remember: createRemember({ contacts, tell, log }),
        prolong: createProlong({ contacts }),
        tellParked: createTellParked(tell),
      },
      maxAtOnce.changes,
    ),
    // Also without EVENTS_URL: events of before may still wait, and must not wait unseen.
    onQueue(eventsQueueOf(taskQueue), { postEvent }, maxAtOnce.events),
    ...gateways.map(({ name, createOutbound }) =>
      onQueue(
        sendQueueOf(taskQueue, name),
        { sendReply: sendReplyBy(name, createOutbound) },
        maxAtOnce.sends,
        perSecond(config.limits.smsPerMinute[name]),
      ),
    ),
  ];
}

/** Creates the activities that label and decide, from the configuration. */
function considerBy(
  { config, playbook, runUrl, log }: Pick<StartWorkerOptions, 'config' | 'playbook' | 'runUrl' | 'log'>,
  stopping: AbortSignal,
  observers: ReturnType<typeof createWorkerMetrics>,
) {
  return createConsider({
    ...config,
    model: config.openai ? observedModel(createModel(config.openai), observers.model) : undefined,
    mayReply: createMayReply(config.repliedSenders, createSenderOf(config.defaultCountry)),
    confirmsOptOut,
    playbook,
    stopping,
    runUrl,
    log,
    observer: observers.consider,
  });
}

/** Tells whether the provider behind a gateway confirms a STOP itself. */
const confirmsOptOut = (name: string): boolean =>
  gateways.some((gateway: Gateway) => gateway.name === name && gateway.optOutBy === 'provider');

/** Adds the metrics and the breaker of a gateway to its outbound side. */
function guarded(outbound: Outbound, observer: GatewayObserver & BreakerObserver, log: Log): Outbound {
  const { name } = outbound;
  return withBreaker(observedGateway(outbound, observer), {
    onChange(isOpen) {
      observer.onBreaker(isOpen);
      if (isOpen) log.warn({ event: 'breaker.opened', gateway: name }, `Replies by ${name} wait: only probes are sent`);
      else log.info({ event: 'breaker.closed', gateway: name }, `${name} responds again: replies are sent`);
    },
  });
}

function perSecond(perMinute: number | undefined): number | undefined {
  return perMinute === undefined ? undefined : perMinute / 60;
}
