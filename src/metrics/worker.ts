import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ClassifyMeasure } from '../activities/classify.js';
import { type ModelOutcome, modelOutcomes } from '../activities/measured-model.js';
import { type SendOutcome, sendOutcomes } from '../gateways/measured-gateway.js';
import type { CountReply, ReplyOutcome } from '../workflows/measure.js';

const outboundBuckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20];
const replyOutcomes = ['sent', 'marked-sent', 'failed', 'uncertain', 'expired'] as const satisfies ReplyOutcome[];
const silences = ['auto-reply-disabled', 'no-answer-for-label', 'opted-out', 'sender-cannot-be-answered', 'too-late'] as const satisfies Array<Parameters<CountReply>[1]>;

/** Whether the worker runs. */
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

/** What the worker counts: verdicts, replies, and the time of those it asks. */
export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  const verdicts = new Counter({ name: 'answerback_verdicts_total', help: 'Texts that were labelled, by label and by whom: openai or rules.', labelNames: ['label', 'by'], registers });
  const fallbacks = new Counter({
    name: 'answerback_classification_fallbacks_total',
    help: 'Texts that the rules labelled since the model could not be had, by what it last failed with.',
    labelNames: ['fault'],
    registers,
  });
  const model = new Histogram({
    name: 'answerback_model_request_seconds',
    help: 'Requests to the model that classifies, by outcome: ok, or what was wrong.',
    labelNames: ['outcome'],
    buckets: outboundBuckets,
    registers,
  });
  const gateway = new Histogram({
    name: 'answerback_gateway_request_seconds',
    help: 'Sends to the gateway, by outcome: sent, rejected, not-sent (surely), maybe-sent, or unexpected.',
    labelNames: ['gateway', 'outcome'],
    buckets: outboundBuckets,
    registers,
  });
  const replies = new Counter({
    name: 'answerback_replies_total',
    help: 'What became of replies: sent, marked-sent by an operator, skipped for a reason, failed or uncertain each time one is parked, expired when nobody released it.',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  // From the start, or the first of each would be no increase.
  for (const outcome of replyOutcomes) replies.inc({ outcome }, 0);
  for (const reason of silences) replies.inc({ outcome: 'skipped', reason }, 0);
  for (const outcome of modelOutcomes) {
    model.zero({ outcome });
    if (outcome !== 'ok' && outcome !== 'cut-off') fallbacks.inc({ fault: outcome }, 0);
  }

  return {
    classify: {
      labelled: (label, by) => verdicts.inc({ label, by }),
      fellBack: (fault) => fallbacks.inc({ fault }),
    } satisfies ClassifyMeasure,
    modelAnswered: (outcome: ModelOutcome, seconds: number): void => model.observe({ outcome }, seconds),
    /** Of the gateway of that name. */
    gatewayAnswered(name: string): (outcome: SendOutcome, seconds: number) => void {
      for (const outcome of sendOutcomes) gateway.zero({ gateway: name, outcome });
      return (outcome, seconds) => gateway.observe({ gateway: name, outcome }, seconds);
    },
    countReply: ((outcome, reason) => replies.inc(reason === undefined ? { outcome } : { outcome, reason })) satisfies CountReply,
  };
}
