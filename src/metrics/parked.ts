import { Gauge, type Registry } from 'prom-client';
import { before } from '../before.js';

const states = ['failed', 'uncertain'] as const;
type ParkedState = (typeof states)[number];

interface Settings {
  /** How long an answer counts, in milliseconds, so that many who scrape cost Temporal no more than one. */
  keepMs?: number;
  /** How long Temporal may take, in milliseconds; a scrape waits for it. */
  withinMs?: number;
}

/** Undefined where Temporal answers, and has no count; rejects where it does not answer. */
type CountParked = (state: ParkedState, withinMs: number) => Promise<number | undefined>;

/** How many replies are parked, asked of Temporal when somebody scrapes; while it does not answer, only that is told. */
export function exportParked(registry: Registry, count: CountParked, { keepMs = 5_000, withinMs = 2_000 }: Settings = {}): void {
  let asked: Promise<Array<number | undefined> | undefined> | undefined;
  let askedAtMs = -Infinity;

  function ask(): Promise<Array<number | undefined> | undefined> {
    if (asked && performance.now() - askedAtMs < keepMs) return asked;
    askedAtMs = performance.now();
    return (asked = before(withinMs, Promise.all(states.map((state) => count(state, withinMs)))).catch(() => undefined));
  }

  new Gauge({
    name: 'answerback_replies_parked',
    help: 'Replies that wait for an operator now, in the whole namespace; absent while Temporal does not count them.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await ask();
      this.reset();
      states.forEach((state, index) => {
        const value = counts?.[index];
        if (value !== undefined) this.set({ state }, value);
      });
    },
  });
  new Gauge({
    name: 'answerback_temporal_up',
    help: '1 when Temporal answered this process, be it with a refusal, else 0.',
    registers: [registry],
    async collect() {
      this.set((await ask()) ? 1 : 0);
    },
  });
}
