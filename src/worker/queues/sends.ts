import { createSendReply, type SendReplyOptions } from '../../activities/send-reply.js';
import type { Config } from '../../config/config.js';
import { configuredGateways } from '../../config/gateways.js';
import { sendQueueOf, taskQueue } from '../../domain/names.js';
import { withBreaker } from '../../gateways/breaker.js';
import type { Outbound } from '../../gateways/gateway.js';
import { type GatewayObserver, observedGateway } from '../../gateways/observed-gateway.js';
import type { GatewayName } from '../../gateways/registry.js';
import type { Log } from '../../log/log.js';
import type { BreakerObserver, WorkerMetrics } from '../../metrics/worker.js';
import { type ActivityWorker, createActivityWorker, type WorkerConnection } from '../create-worker.js';

export interface SendWorkersOptions extends Omit<SendReplyOptions, 'outbound' | 'replyRetryForMs' | 'restoredAtMs'> {
  connection: WorkerConnection;
  config: Config;
  observers: WorkerMetrics;
}

/** Maximum of sends by one gateway that one worker makes at once: few, since each may hang until its time limit. */
const maxSends = 20;

/** Creates the workers that send replies, one for each gateway that is used. */
export function createSendWorkers({
  connection,
  config,
  observers,
  ...options
}: SendWorkersOptions): Array<Promise<ActivityWorker>> {
  const { replyRetryForMs, restoredAtMs } = config;
  return configuredGateways(config.gateways).map(({ gateway, settings }) => {
    const name = gateway.name as GatewayName;
    const outbound = guarded(gateway.createOutbound(settings), observers.gateway(name), options.log);
    return createActivityWorker({
      ...connection,
      taskQueue: sendQueueOf(taskQueue, name),
      activities: { sendReply: createSendReply({ ...options, outbound, replyRetryForMs, restoredAtMs }) },
      maxConcurrent: maxSends,
      perSecond: perSecond(config.limits.smsPerMinute[name]),
    });
  });
}

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
