import { Counter, Histogram, type Registry } from 'prom-client';
import { type Acknowledgement, acknowledgements, type ApiObserver } from '../domain/acknowledgement.js';
import { receiptOutcomes, receiptStates } from '../domain/receipt.js';
import { createPhoneMetrics } from './phones.js';
import type { ReceiptObserver } from '../temporal/forward-receipt.js';
import type { StartObserver, StartOutcome } from '../temporal/start-workflow.js';

const acknowledgementBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 3, 10];
const forwardBuckets = [
  0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400,
];

/**
 * Creates the api's metrics of its responses and of forwarding.
 *
 * @param gateways the names of those with a webhook
 */
export function createApiMetrics(registry: Registry, gateways: readonly string[]) {
  const registers = [registry];
  const acknowledgement = new Histogram({
    name: 'answerback_acknowledgement_seconds',
    help:
      'Seconds from the headers of a post to its response. Outcomes: accepted (200), unauthenticated (401), ' +
      'invalid (any other 4xx), not-accepted (503), failed.',
    labelNames: ['outcome'],
    buckets: acknowledgementBuckets,
    registers,
  });
  const received = new Counter({
    name: 'answerback_messages_received_total',
    help: 'Messages in posts, duplicates included. Outcomes: accepted, rejected.',
    labelNames: ['outcome'],
    registers,
  });
  const forwardLag = new Histogram({
    name: 'answerback_forward_lag_seconds',
    help: 'Seconds from accepting a message to its run in Temporal. Outcomes: started, duplicate (the run existed).',
    labelNames: ['outcome'],
    buckets: forwardBuckets,
    registers,
  });
  const receipts = new Counter({
    name: 'answerback_receipts_total',
    help:
      'Receipts of replies, duplicates included, by gateway, state (accepted, sent, delivered, failed) and outcome: ' +
      'signalled (the run is open), ended (it has ended), refused (a run keeps the reply), unknown (no such run).',
    labelNames: ['gateway', 'state', 'outcome'],
    registers,
  });
  // Looked up once, because an acknowledgement must be fast.
  // Every series starts at 0, because otherwise Prometheus misses the first increase.
  const responses = Object.fromEntries(
    acknowledgements.map((outcome) => [outcome, withZero(acknowledgement, outcome)]),
  ) as Record<Acknowledgement, LabelledHistogram>;
  for (const gateway of gateways)
    for (const state of receiptStates)
      for (const outcome of receiptOutcomes) receipts.inc({ gateway, state, outcome }, 0);
  const accepted = fromZero(received, 'accepted');
  const rejected = fromZero(received, 'rejected');
  const lags = {
    started: withZero(forwardLag, 'started'),
    duplicate: withZero(forwardLag, 'duplicate'),
  } satisfies Record<StartOutcome, LabelledHistogram>;

  return {
    api: {
      onResponded: (outcome, seconds) => responses[outcome].observe(seconds),
      onReceived(messages) {
        accepted.inc(messages.accepted);
        rejected.inc(messages.rejected);
      },
      onPhone: createPhoneMetrics(registry).onPhone,
    } satisfies ApiObserver,
    receipts: {
      onForwarded: ({ gateway, state }, outcome) => receipts.inc({ gateway, state, outcome }),
    } satisfies ReceiptObserver,
    starts: { onStarted: (outcome, seconds) => lags[outcome].observe(seconds) } satisfies StartObserver,
  };
}

type LabelledHistogram = Histogram.Internal<'outcome'>;

function fromZero(counter: Counter<'outcome'>, outcome: string): Counter.Internal {
  counter.inc({ outcome }, 0);
  return counter.labels(outcome);
}

function withZero(histogram: Histogram<'outcome'>, outcome: string): LabelledHistogram {
  histogram.zero({ outcome });
  return histogram.labels(outcome);
}
