import { Gauge, type Registry } from 'prom-client';

/** Adds the gauges of REPLIES_PER_DAY. Without a limit, there are none. */
export function createDayMetrics(registry: Registry, limit: number | undefined) {
  if (limit === undefined) return { onCounted: () => {} };
  const registers = [registry];
  new Gauge({
    name: 'answerback_replies_per_day_limit',
    help: 'REPLIES_PER_DAY; absent when it is not set.',
    registers,
  }).set(limit);
  const replies = new Gauge({
    name: 'answerback_replies_last_day',
    help: 'Replies in the last 24 hours by all workers, as this worker counted them for REPLIES_PER_DAY; else absent.',
    registers,
  });
  return { onCounted: (count: number) => replies.set(count) };
}
