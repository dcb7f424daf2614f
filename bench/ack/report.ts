import type { Measurement } from '../client/load.js';
import { describeMachine, type Machine } from '../report/machine.js';
import { median } from '../report/statistics.js';
import { ms, rate, table } from '../report/table.js';
import type { Row } from './results.js';
import type { Target } from './scenarios.js';

export interface AckRun extends Machine {
  quick: boolean;
  seconds: number;
  backlogLeft: number;
  /** Absent: without the original design. */
  python?: string;
}

/** The table as the terminal and the docs show it. */
export function ackReport(run: AckRun, rows: readonly Row[]): string {
  const head = ['scenario', 'Answerback', 'target', '', 'bare Koa', 'FastAPI', 'direct starts', 'fdatasync', 'times Koa', 'times FastAPI'];
  const lines = rows.map((row) => {
    const { answerback, bareKoa, original, directStarts, fdatasync } = row.subjects;
    return [row.scenario, cell(row, answerback), described(row.target), verdict(row), cell(row, bareKoa), cell(row, original), cell(row, directStarts), cell(row, fdatasync), ratio(row, bareKoa), ratio(row, original)];
  });
  const failures = rows.flatMap((row) => Object.entries(row.subjects).flatMap(([subject, { failures, requests }]) => (failures > 0 ? [`${subject}, ${row.scenario}: ${failures} of ${requests} requests were not answered 200.`] : [])));
  return [
    `${describeMachine(run)}${run.python ? `, ${run.python}` : ''}, ${run.seconds} s${run.quick ? ', quick' : ''}. Milliseconds, p50 / p99, medians over the rounds; ratios of p50, or of messages per second.`,
    '',
    table(head, lines),
    '',
    `When the scenarios with a backlog ended, ${run.backlogLeft.toLocaleString('en')} messages of it were left.`,
    ...failures,
  ].join('\n');
}

/** The most that signature and encryption may add to a p50. */
const mostCost = 1.15;

/** What signature and encryption cost: p50 without and with them, of requests that are signed either way. */
export function costReport(rows: readonly Row[]): string {
  const lines = rows.map(({ scenario, subjects: { answerback, sealed } }) => {
    if (!answerback || !sealed) return [scenario];
    const cost = median(sealed.rounds.map(({ p50 }, round) => p50 / (answerback.rounds[round]?.p50 ?? NaN)));
    return [scenario, ms(answerback.p50), ms(sealed.p50), `${cost.toFixed(2)}×`, cost <= mostCost ? 'met' : '**missed**'];
  });
  return table(['scenario', 'off, p50 ms', 'on, p50 ms', 'median of the ratios', `at most ${mostCost}×`], lines);
}

/** The few rows that the README shows: p50, or messages per second. */
export function ackSummary(rows: readonly Row[]): string {
  const lines = rows
    .filter(({ target, subjects: { original } }) => target && original)
    .map(({ scenario, target, subjects: { answerback, original } }) => [
      scenario,
      ...[answerback, original].map((measured) => (measured ? (target?.messagesPerSecond ? rate(measured.messagesPerSecond) : `${ms(measured.p50)} ms`) : '')),
    ]);
  return table(['p50, or texts a second', 'Answerback, on disk', 'FastAPI, nothing stored'], lines);
}

function cell({ target }: Row, measured: Measurement | undefined): string {
  if (!measured) return '';
  const times = `${ms(measured.p50)} / ${ms(measured.p99)}`;
  return target?.messagesPerSecond ? `${rate(measured.messagesPerSecond)} (${times})` : times;
}

function described(target: Target | undefined): string {
  if (!target) return '';
  if (target.messagesPerSecond) return `${rate(target.messagesPerSecond)}${target.timesOriginal ? `, ${target.timesOriginal}× FastAPI` : ''}`;
  return [target.p50, target.p99].filter((bound) => bound !== undefined).map(String).join(' / ');
}

function verdict(row: Row): string {
  const faults = missed(row);
  if (faults === undefined) return '';
  return faults.length === 0 ? 'met' : `**missed** (${faults.join(', ')})`;
}

/** The parts of the target that were missed; undefined without a target. */
function missed({ target, subjects: { answerback, original } }: Row): string[] | undefined {
  if (!target || !answerback) return undefined;
  return [
    ...(target.p50 !== undefined && answerback.p50 > target.p50 ? ['p50'] : []),
    ...(target.p99 !== undefined && answerback.p99 > target.p99 ? ['p99'] : []),
    ...(target.messagesPerSecond !== undefined && answerback.messagesPerSecond < target.messagesPerSecond ? ['rate'] : []),
    ...(target.timesOriginal !== undefined && original && answerback.messagesPerSecond < target.timesOriginal * original.messagesPerSecond ? ['ratio'] : []),
  ];
}

function ratio({ target, subjects: { answerback } }: Row, baseline: Measurement | undefined): string {
  if (!answerback || !baseline) return '';
  const value = target?.messagesPerSecond ? answerback.messagesPerSecond / baseline.messagesPerSecond : answerback.p50 / baseline.p50;
  return `${value.toFixed(2)}×`;
}
