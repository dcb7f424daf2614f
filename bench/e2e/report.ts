import { describeMachine, type Machine } from '../report/machine.js';
import { ms, table } from '../report/table.js';
import type { Summary } from './measured.js';

export interface E2eRun extends Machine {
  quick: boolean;
  seconds: number;
  messages: number;
  samples: number;
  rounds: number;
}

/** At least this share of the bare workflow's throughput, and at most so many times its latency. */
const targets = { throughput: 0.9, idle: 1.3 };

export function e2eReport(run: E2eRun, product: Summary, bare: Summary): string {
  const throughput = product.messagesPerSecond / bare.messagesPerSecond;
  const idle = product.idleMs / bare.idleMs;
  const verdict = (met: boolean) => (met ? 'met' : '**missed**');
  return [
    `${describeMachine(run)}, ${run.seconds} s${run.quick ? ', quick' : ''}. Medians over ${run.rounds} rounds of ${run.messages} messages at once and ${run.samples} one at a time.`,
    '',
    table(
      ['', 'Answerback', 'bare workflow', 'ratio', 'target', ''],
      [
        ['messages per second, to the reply', product.messagesPerSecond.toFixed(1), bare.messagesPerSecond.toFixed(1), throughput.toFixed(2), `≥ ${targets.throughput}`, verdict(throughput >= targets.throughput)],
        ['idle: until the reply, ms (p50)', ms(product.idleMs), ms(bare.idleMs), idle.toFixed(2), `≤ ${targets.idle}`, verdict(idle <= targets.idle)],
      ],
    ),
  ].join('\n');
}
