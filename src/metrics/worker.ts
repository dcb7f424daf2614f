import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ConsiderObserver } from '../activities/consider.js';
import { type ModelObserver, modelOutcomes } from '../activities/observed-model.js';
import type { SilenceReason } from '../domain/decision.js';
import { type GatewayObserver, sendOutcomes } from '../gateways/observed-gateway.js';
import type { ReplyObserver, ReplyOutcome } from '../workflows/observer.js';

const outboundBuckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20];
const replyOutcomes = [
  'sent',
  'delivered',
  'marked-sent',
  'failed',
  'uncertain',
  'expired',
] as const satisfies ReplyOutcome[];
const silences = [
  'auto-reply-disabled',
  'no-template-for-label',
  'no-playbook-for-line',
  'opted-out',
  'paused',
  'handed-over',
  'unreachable',
  'sender-cannot-be-answered',
  'sender-denied',
  'sender-limit',
  'day-limit',
  'too-late',
  'sent-to-several',
  'answered-by-provider',
  'double',
] as const;

/** Adds the gauge that shows whether the worker takes work. */
export function exportRunning(registry: Registry, isRunning: () => boolean): void {
  new Gauge({
    name: 'answerback_worker_running',
    help: '1 while this worker takes work from Temporal, else 0.',
    registers: [registry],
    collect() {
      this.set(isRunning() ? 1 : 0);
    },
  });
}

/** Observes the breaker of a gateway. */
export interface BreakerObserver {
  onBreaker(isOpen: boolean): void;
}

/** Creates the worker's metrics: verdicts, replies, and the duration of requests to the model and the gateway. */
export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  const verdicts = new Counter({
    name: 'answerback_verdicts_total',
    help: 'Labelled texts, by label and by what labelled them: openai or rules.',
    labelNames: ['label', 'by'],
    registers,
  });
  const fallbacks = new Counter({
    name: 'answerback_classification_fallbacks_total',
    help: 'Texts that the rules labelled because the model failed, by its last failure.',
    labelNames: ['fault'],
    registers,
  });
  const model = new Histogram({
    name: 'answerback_model_request_seconds',
    help: 'Duration of requests to the model in seconds, by outcome: ok, or what failed.',
    labelNames: ['outcome'],
    buckets: outboundBuckets,
    registers,
  });
  const replies = new Counter({
    name: 'answerback_replies_total',
    help:
      'Replies by outcome: sent, delivered (by a receipt while the run was open), marked-sent (by an operator), ' +
      'skipped (with a reason), failed or uncertain ' +
      '(each time one is parked), expired (not released in time).',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  // Every series starts at 0, because otherwise Prometheus misses the first increase.
  for (const outcome of replyOutcomes) replies.inc({ outcome }, 0);
  for (const reason of silences) replies.inc({ outcome: 'skipped', reason }, 0);
  for (const outcome of modelOutcomes) {
    model.zero({ outcome });
    if (outcome !== 'ok' && outcome !== 'cut-off') fallbacks.inc({ fault: outcome }, 0);
  }

  return {
    consider: {
      onLabelled: (label, by) => verdicts.inc({ label, by }),
      onFellBack: (fault) => fallbacks.inc({ fault }),
    } satisfies ConsiderObserver,
    model: { onResponded: (outcome, seconds) => model.observe({ outcome }, seconds) } satisfies ModelObserver,
    gateway: createGatewayMetrics(registers),
    replies: {
      onReply: (outcome, reason) =>
        replies.inc(reason === undefined ? { outcome } : { outcome, reason: silenceOf(reason) }),
    } satisfies ReplyObserver,
  };
}

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

/** A double names the other message in its reason, which a label of a metric can't. */
const silenceOf = (reason: SilenceReason): (typeof silences)[number] =>
  silences.find((silence) => silence === reason) ?? 'double';

/** Returns a function that returns the observer for the gateway with this name. */
function createGatewayMetrics(registers: Registry[]): (name: string) => GatewayObserver & BreakerObserver {
  const gateway = new Histogram({
    name: 'answerback_gateway_request_seconds',
    help: 'Duration of sends in seconds. Outcomes: sent, rejected, not-sent (certainly), maybe-sent, unexpected.',
    labelNames: ['gateway', 'outcome'],
    buckets: outboundBuckets,
    registers,
  });
  const breaker = new Gauge({
    name: 'answerback_gateway_breaker_open',
    help: '1 while this worker only probes the gateway, because the outcome of its last sends is unknown, else 0.',
    labelNames: ['gateway'],
    registers,
  });
  return (name) => {
    breaker.set({ gateway: name }, 0);
    for (const outcome of sendOutcomes) gateway.zero({ gateway: name, outcome });
    return {
      onSend: (outcome, seconds) => gateway.observe({ gateway: name, outcome }, seconds),
      onBreaker: (isOpen) => breaker.set({ gateway: name }, isOpen ? 1 : 0),
    };
  };
}
