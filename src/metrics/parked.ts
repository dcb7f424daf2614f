import { Gauge, type Registry } from 'prom-client';
import { type AskOptions, askSeldom } from './ask-seldom.js';

const states = ['failed', 'uncertain'] as const;
type ParkedState = (typeof states)[number];

/** Counts parked replies. Undefined when Temporal refuses the count; rejects when Temporal can't be reached. */
type CountParked = (state: ParkedState, withinMs: number) => Promise<number | undefined>;

/** Adds gauges of parked replies, which Temporal counts at each scrape, and of whether Temporal responds. */
export function exportParked(
  registry: Registry,
  count: CountParked,
  { keepMs = 5_000, withinMs = 2_000 }: Partial<AskOptions> = {},
): void {
  const countAll = askSeldom((limitMs) => Promise.all(states.map((state) => count(state, limitMs))), {
    keepMs,
    withinMs,
  });

  new Gauge({
    name: 'answerback_replies_parked',
    help: 'Parked replies in the whole namespace, by state; absent while Temporal does not count them.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await countAll();
      this.reset();
      states.forEach((state, index) => {
        const value = counts?.[index];
        if (value !== undefined) this.set({ state }, value);
      });
    },
  });
  new Gauge({
    name: 'answerback_temporal_up',
    help: '1 when Temporal responds to this process, even with a refusal, else 0.',
    registers: [registry],
    async collect() {
      this.set((await countAll()) ? 1 : 0);
    },
  });
}
