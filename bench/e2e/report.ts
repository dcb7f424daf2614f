import { describeMachine, type Machine } from '../report/machine.js';
import { median } from '../report/statistics.js';
import { ms, table, verdict } from '../report/table.js';
import type { Summary } from './measured.js';
import type { ProcessorTime } from './processor-time.js';
import { medianOf, type ReceiptRounds } from './receipts.js';

export interface E2eRun extends Machine {
  quick: boolean;
  seconds: number;
  messages: number;
  samples: number;
  rounds: number;
}

/** The minimum share of the bare workflow's throughput, and the maximum share of its processor time and latency. */
const targets = { throughput: 1, processor: 0.95, idle: 1 };

export function e2eReport(
  run: E2eRun,
  {
    product,
    bare,
    processorMs,
    receipts,
  }: Record<'product' | 'bare', Summary> & {
    processorMs: Record<'product' | 'bare', ProcessorTime>;
    receipts: ReceiptRounds;
  },
): string {
  const throughput = product.messagesPerSecond / bare.messagesPerSecond;
  const total = ({ server, worker }: ProcessorTime) => server + worker;
  const processor = total(processorMs.product) / total(processorMs.bare);
  const idle = product.idleMs / bare.idleMs;
  return [
    `${describeMachine(run)}, ${run.seconds} s${run.quick ? ', quick' : ''}. Medians over ${run.rounds} rounds ` +
      `of ${run.messages} messages at once and ${run.samples} one at a time.`,
    '',
    table(
      ['', 'Answerback', 'bare workflow', 'ratio', 'target', ''],
      [
        [
          'messages per second, to the reply',
          product.messagesPerSecond.toFixed(1),
          bare.messagesPerSecond.toFixed(1),
          throughput.toFixed(2),
          `≥ ${targets.throughput}`,
          verdict(throughput >= targets.throughput),
        ],
        [
          'processor time of server and worker, ms per message',
          total(processorMs.product).toFixed(1),
          total(processorMs.bare).toFixed(1),
          processor.toFixed(2),
          `≤ ${targets.processor}`,
          verdict(processor <= targets.processor),
        ],
        ...(['server', 'worker'] as const).map((part) => [
          `of it the ${part}`,
          processorMs.product[part].toFixed(1),
          processorMs.bare[part].toFixed(1),
          (processorMs.product[part] / processorMs.bare[part]).toFixed(2),
          '',
          '',
        ]),
        [
          'idle: until the reply, ms (p50)',
          ms(product.idleMs),
          ms(bare.idleMs),
          idle.toFixed(2),
          `≤ ${targets.idle}`,
          verdict(idle <= targets.idle),
        ],
      ],
    ),
    '',
    'With a receipt for every reply, by Twilio:',
    '',
    receiptTable(receipts),
  ].join('\n');
}

function receiptTable(rounds: ReceiptRounds): string {
  const rows = [
    ['messages per second, to the reply', 'messagesPerSecond'],
    ['processor time of server, worker and api, ms per message', 'total'],
    ['of it the server', 'server'],
    ['of it the worker', 'worker'],
    ['of it the api', 'api'],
  ] as const;
  return table(
    ['', 'receipts', 'none', 'ratio', 'lowest to highest'],
    rows.map(([title, figure]) => {
      const ratios = rounds.receipts.map((round, index) => round[figure] / (rounds.none[index]?.[figure] ?? NaN));
      return [
        title,
        medianOf(rounds.receipts, figure).toFixed(1),
        medianOf(rounds.none, figure).toFixed(1),
        median(ratios).toFixed(2),
        `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
      ];
    }),
  );
}
