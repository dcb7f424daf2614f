import { Gauge, type Registry } from 'prom-client';

const states = ['failed', 'uncertain'] as const;
type ParkedState = (typeof states)[number];

interface Settings {
  /** How long an answer counts, in milliseconds, so that many who scrape cost Temporal no more than one. */
  keepMs?: number;
  /** How long Temporal may take, in milliseconds; a scrape waits for it. */
  withinMs?: number;
}

/** How many replies are parked, asked of Temporal when somebody scrapes; while it does not answer, only that is told. */
export function exportParked(registry: Registry, count: (state: ParkedState) => Promise<number>, { keepMs = 5_000, withinMs = 2_000 }: Settings = {}): void {
  let asked: Promise<number[] | undefined> | undefined;
  let askedAtMs = -Infinity;

  function ask(): Promise<number[] | undefined> {
    if (asked && performance.now() - askedAtMs < keepMs) return asked;
    askedAtMs = performance.now();
    return (asked = before(withinMs, Promise.all(states.map(count))).catch(() => undefined));
  }

  new Gauge({
    name: 'answerback_replies_parked',
    help: 'Replies that wait for an operator now, in the whole namespace; absent while Temporal does not answer.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await ask();
      this.reset();
      counts?.forEach((value, index) => this.set({ state: states[index] as ParkedState }, value));
    },
  });
  new Gauge({
    name: 'answerback_temporal_up',
    help: '1 when Temporal answered this process, else 0.',
    registers: [registry],
    async collect() {
      this.set((await ask()) ? 1 : 0);
    },
  });
}

async function before<Result>(withinMs: number, work: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, withinMs, undefined)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
