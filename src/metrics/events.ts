import { Counter, type Registry } from 'prom-client';
import { eventOutcomes, type EventObserver } from '../activities/post-event.js';
import type { EventType } from '../domain/event.js';

const types = [
  'contact.opted-out',
  'contact.handed-over',
  'contact.paused',
  'contact.unreachable',
  'reply.parked',
  'replies.limit-near',
  'replies.limit-reached',
] as const satisfies EventType[];

/** Creates the metric of events that need a person. */
export function createEventMetrics(registry: Registry): EventObserver {
  const events = new Counter({
    name: 'answerback_events_total',
    help: 'Tries to tell an event, by type and outcome: told, not-told (tried again), given-up.',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  });
  // Every series starts at 0, because otherwise Prometheus misses the first increase.
  for (const type of types) for (const outcome of eventOutcomes) events.inc({ type, outcome }, 0);
  return { onTried: (type, outcome) => events.inc({ type, outcome }) };
}
