import { Counter, Histogram, type Registry } from 'prom-client';
import { type Acknowledgement, acknowledgements, type ApiMeasure } from '../api/measure.js';
import type { StartOutcome } from '../temporal/start-workflow.js';

const acknowledgementBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 3, 10];
const forwardBuckets = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

/** What the api counts: the answers to the gateway, and the way to Temporal. Without an inbox nobody knows what is new. */
export function createApiMetrics(registry: Registry, { hasInbox }: { hasInbox: boolean }) {
  const registers = [registry];
  const acknowledgement = new Histogram({
    name: 'answerback_acknowledgement_seconds',
    help: 'From the head of a post to its answer: accepted (200), unauthenticated (401), invalid (any other 4xx), not-accepted (503) or failed.',
    labelNames: ['outcome'],
    buckets: acknowledgementBuckets,
    registers,
  });
  const received = new Counter({
    name: 'answerback_messages_received_total',
    help: `Messages of posts: accepted, seen before or not, or rejected${hasInbox ? ' and kept in the quarantine' : ''}.`,
    labelNames: ['outcome'],
    registers,
  });
  const forwardLag = new Histogram({
    name: 'answerback_forward_lag_seconds',
    help: 'From the acceptance of a message to its run in Temporal: started, or a duplicate that was there.',
    labelNames: ['outcome'],
    buckets: forwardBuckets,
    registers,
  });
  // Made once, so that an acknowledgement pays for no look-up; and from the start, or the first of each would be no increase.
  const answers = Object.fromEntries(acknowledgements.map((outcome) => [outcome, withZero(acknowledgement, outcome)])) as Record<Acknowledgement, Observer>;
  const accepted = received.labels('accepted');
  const rejected = received.labels('rejected');
  const lags = { started: withZero(forwardLag, 'started'), duplicate: withZero(forwardLag, 'duplicate') } satisfies Record<StartOutcome, Observer>;

  return {
    webhook: {
      answered: (outcome, seconds) => answers[outcome].observe(seconds),
      received(messages) {
        accepted.inc(messages.accepted);
        rejected.inc(messages.rejected);
      },
    } satisfies ApiMeasure,
    committed: hasInbox ? countCommitted(registry) : () => {},
    forwarded: (outcome: StartOutcome, seconds: number): void => lags[outcome].observe(seconds),
  };
}

function countCommitted(registry: Registry): (messages: { fresh: number; conflicts: number }) => void {
  const registers = [registry];
  const added = new Counter({ name: 'answerback_messages_new_total', help: 'Messages that the inbox had not seen before.', registers });
  const conflicts = new Counter({ name: 'answerback_guid_conflicts_total', help: 'GUIDs that came again with another text; it is kept in the quarantine.', registers });
  return (messages) => {
    added.inc(messages.fresh);
    conflicts.inc(messages.conflicts);
  };
}

type Observer = Histogram.Internal<'outcome'>;

function withZero(histogram: Histogram<'outcome'>, outcome: string): Observer {
  histogram.zero({ outcome });
  return histogram.labels(outcome);
}
