import { Counter, Histogram, type Registry } from 'prom-client';
import { type Acknowledgement, acknowledgements, type ApiObserver } from '../domain/acknowledgement.js';
import type { StartObserver, StartOutcome } from '../temporal/start-workflow.js';

const acknowledgementBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 3, 10];
const forwardBuckets = [
  0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400,
];

/** Creates the api's metrics of its responses and of forwarding. */
export function createApiMetrics(registry: Registry) {
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
  // Looked up once, because an acknowledgement must be fast.
  // Every series starts at 0, because otherwise Prometheus misses the first increase.
  const responses = Object.fromEntries(
    acknowledgements.map((outcome) => [outcome, withZero(acknowledgement, outcome)]),
  ) as Record<Acknowledgement, LabelledHistogram>;
  const accepted = received.labels('accepted');
  const rejected = received.labels('rejected');
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
    } satisfies ApiObserver,
    starts: { onStarted: (outcome, seconds) => lags[outcome].observe(seconds) } satisfies StartObserver,
  };
}

type LabelledHistogram = Histogram.Internal<'outcome'>;

function withZero(histogram: Histogram<'outcome'>, outcome: string): LabelledHistogram {
  histogram.zero({ outcome });
  return histogram.labels(outcome);
}
