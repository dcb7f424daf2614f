import { describeMachine, type Machine } from '../report/machine.js';
import { ms, table, verdict } from '../report/table.js';
import { type Compared, compareRounds, endOfPauseMs } from './compare.js';
import type { Cost } from './cost.js';
import type { IdleOptOuts } from './idle-opt-outs.js';
import { endsPerSecond } from './pauses.js';
import { type Limits, limits, messagesPerPause } from './targets.js';
import type { CostRound } from './round.js';

export interface ContactsRun extends Machine {
  quick: boolean;
  seconds: number;
  messages: number;
  samples: number;
  rounds: number;
}

const head = (measured: string, compared: string) => [
  '',
  measured,
  compared,
  'ratio',
  'lowest to highest',
  'target',
  '',
];

export function contactsReport(run: ContactsRun, { cost, optOuts }: { cost: Cost; optOuts: IdleOptOuts }): string {
  return [
    `${describeMachine(run)}, ${run.seconds} s${run.quick ? ', quick' : ''}. Medians over ${run.rounds} rounds ` +
      `of ${run.messages} messages at once and ${run.samples} one at a time, each of another sender.`,
    '',
    table(head('everything on', 'everything off'), rowsOf(cost.on, cost.off, limits.on)),
    '',
    `While ${endsPerSecond} pauses end in each second:`,
    '',
    table(head('pauses end', 'everything off'), [...rowsOf(cost.pauses, cost.off), ...pauseRows(cost, run)]),
    '',
    `With ${optOuts.written.count.toLocaleString('en')} idle opt-outs on the server, and on another one without any:`,
    '',
    table(head('opt-outs', 'none'), [
      ...rowsOf(optOuts.many.rounds, optOuts.none.rounds, limits.optOuts),
      ...lookRows(optOuts),
    ]),
    '',
    written(optOuts.written),
  ].join('\n');
}

/** The rows of two sides, with a verdict where there are limits. */
function rowsOf(measured: readonly CostRound[], compared: readonly CostRound[], limits?: Limits): string[][] {
  const { messagesPerSecond, processorMs, serverMs, processMs, idleMs, moreIdleMs } = compareRounds(measured, compared);
  const row = (name: string, { ratio, lowest, highest, ...values }: Compared, target = ['', '']) => [
    ...[name, values.measured.toFixed(1), values.compared.toFixed(1), ratio.toFixed(2)],
    ...[`${lowest.toFixed(2)} to ${highest.toFixed(2)}`, ...target],
  ];
  const target = (words: string, isMet: boolean) => (limits ? [words, verdict(isMet)] : undefined);
  const { ratio = NaN, moreIdleMs: most = NaN } = limits ?? {};
  const least = 1 / ratio;
  return [
    row(
      'messages per second, to the reply',
      messagesPerSecond,
      target(`≥ ${least.toFixed(3)}`, messagesPerSecond.ratio >= least),
    ),
    row('processor time, ms per message', processorMs, target(`≤ ${ratio}`, processorMs.ratio <= ratio)),
    row('of it the Temporal server', serverMs),
    row('of it the process of all else', processMs),
    row('idle: until the reply, ms (p50)', idleMs),
    ['idle: later by, ms', moreIdleMs.toFixed(1), '', '', '', ...(target(`≤ ${most}`, moreIdleMs <= most) ?? ['', ''])],
  ];
}

function pauseRows({ on, off, pauses }: Cost, run: ContactsRun): string[][] {
  const { processorMs } = compareRounds(on, off);
  const oneMs = endOfPauseMs(pauses, on, run);
  const computed = processorMs.measured + oneMs / messagesPerPause;
  const ratio = processorMs.ratio + oneMs / messagesPerPause / processorMs.compared;
  return [
    ['the end of one pause, ms of processor time', ms(oneMs), '', '', '', '', ''],
    [
      `computed: one pause for ${messagesPerPause} messages, ms per message`,
      ...[computed.toFixed(1), processorMs.compared.toFixed(1), ratio.toFixed(2), ''],
      ...[`≤ ${limits.on.ratio}`, verdict(ratio <= limits.on.ratio)],
    ],
  ];
}

function lookRows({ many, none, optedOutLookMs }: IdleOptOuts): string[][] {
  const row = (name: string, measured: number, compared?: number) => [
    ...[name, ms(measured), compared === undefined ? '' : ms(compared)],
    ...[compared === undefined ? '' : (measured / compared).toFixed(2), '', '', ''],
  ];
  return [
    row('a look at a sender who is not remembered, ms', many.lookMs, none.lookMs),
    row('a look at a sender who has opted out, ms', optedOutLookMs),
    row('`answerback contact list`, ms', many.listMs, none.listMs),
    row('memory of the Temporal server at the end, MiB', many.serverMemoryMiB, none.serverMemoryMiB),
  ];
}

function written({ count, seconds, bytes }: IdleOptOuts['written']): string {
  const each = bytes / count;
  return (
    `Writing the ${count.toLocaleString('en')} opt-outs took ${Math.round(seconds).toLocaleString('en')} s, ` +
    `${Math.round(count / seconds)} a second, and the database grew by ${(bytes / 1e6).toFixed(0)} MB: ` +
    `${Math.round(each).toLocaleString('en')} bytes each. ` +
    `Computed from it: a million opt-outs take ${((each * 1e6) / 1e9).toFixed(1)} GB.`
  );
}
