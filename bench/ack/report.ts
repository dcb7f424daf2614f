import type { Measurement } from '../client/load.js';
import { describeMachine, type Machine } from '../report/machine.js';
import { ms, rate, table, verdict } from '../report/table.js';
import type { Profile } from './profile.js';
import type { Round, Row } from './results.js';
import type { Subject } from './scenarios.js';
import { costTargets, outcomeOf, type Target, targets } from './targets.js';

export interface AckRun extends Machine {
  quick: boolean;
  seconds: number;
  /** The Python versions; absent: the original design wasn't measured. */
  python?: string;
}

const subjectNames: Record<Subject, string> = {
  answerback: 'Answerback',
  floor: 'the floor',
  original: 'FastAPI',
  plain: 'without signature and encryption',
  sealed: 'with signature and encryption',
};

/** Returns the table of the targets, and of the processor time, for the terminal and the docs. */
export function ackReport(run: AckRun, rows: readonly Row[], profiles: readonly Profile[]): string {
  const failures = rows.flatMap(({ scenario, subjects }) =>
    Object.entries(subjects).flatMap(([subject, { failures, requests }]) =>
      failures > 0 ? [`${subject}, ${scenario}: ${failures} of ${requests} requests were not answered 200.`] : [],
    ),
  );
  return [
    `${describeMachine(run)}${run.python ? `, ${run.python}` : ''}, ${run.seconds} s${run.quick ? ', quick' : ''}. ` +
      'Medians over the rounds, p50 / p99 in milliseconds.',
    '',
    table(
      ['', 'measured', 'compared with', 'ratio', 'lowest to highest', 'target', ''],
      [...targets, ...costTargets].map((target) => targetRow(target, rows)),
    ),
    '',
    'Processor time of each server, in microseconds a message: main thread + busiest other thread + the rest.',
    '',
    table(
      ['', ...Object.values(subjectNames)],
      rows.map(({ scenario, subjects }) => [scenario, ...subjectsInOrder.map((name) => processorCell(subjects[name]))]),
    ),
    '',
    'Steps of Answerback, in microseconds a message, from a profile:',
    '',
    table(['', ...profiles.map(({ scenario }) => scenario)], stepRows(profiles)),
    ...failures,
  ].join('\n');
}

const subjectsInOrder = Object.keys(subjectNames) as Subject[];

function targetRow(target: Target, rows: readonly Row[]): string[] {
  const { scenario, what, subject, baseline, limit } = target;
  const subjects = rows.find((row) => row.scenario === scenario)?.subjects;
  const outcome = outcomeOf(target, rows);
  const name = subject === 'sealed' ? `${scenario}, ${subjectNames.sealed}` : scenario;
  if (!outcome) return [name];
  return [
    name,
    cell(what, subjects?.[subject]),
    `${subjectNames[baseline]}: ${cell(what, subjects?.[baseline])}`,
    outcome.ratio.toFixed(2),
    `${outcome.lowest.toFixed(2)} to ${outcome.highest.toFixed(2)}`,
    `${what === 'p50' ? '≤' : '≥'} ${limit}`,
    verdict(outcome.isMet),
  ];
}

function cell(what: Target['what'], measured: Measurement | undefined): string {
  if (!measured) return '';
  return what === 'p50' ? `${ms(measured.p50)} / ${ms(measured.p99)}` : rate(measured.messagesPerSecond);
}

function processorCell(measured: Round | undefined): string {
  if (!measured) return '';
  const { main, busiest, others } = measured.processor;
  return [main, busiest, others].map(microseconds).join(' + ');
}

const microseconds = (time: number) => (time < 10 ? time.toFixed(1) : time.toFixed(0));

/** Steps with less than this share of every scenario are summed up. */
const smallShare = 0.02;

function stepRows(profiles: readonly Profile[]): string[][] {
  return (['main', 'inbox'] as const).flatMap((thread) => {
    const steps = [...new Set(profiles.flatMap((profile) => Object.keys(profile[thread])))];
    const total = ({ main, inbox }: Profile) => [main, inbox].flatMap(Object.values<number>).reduce((a, b) => a + b, 0);
    const isSmall = (step: string) => profiles.every((one) => (one[thread][step] ?? 0) < smallShare * total(one));
    const row = (name: string, summed: string[]) => [
      `${thread} thread: ${name}`,
      ...profiles.map((one) => microseconds(summed.reduce((sum, step) => sum + (one[thread][step] ?? 0), 0))),
    ];
    const sum = (step: string) => profiles.reduce((all, one) => all + (one[thread][step] ?? 0) / total(one), 0);
    const large = steps.filter((step) => !isSmall(step)).sort((a, b) => sum(b) - sum(a));
    return [...large.map((step) => row(step, [step])), row('the rest', steps.filter(isSmall))];
  });
}

/** Returns the rows for the README: p50, or messages per second. */
export function ackSummary(rows: readonly Row[]): string {
  const shown = (measured: Measurement | undefined, what: Target['what']) =>
    measured ? (what === 'p50' ? `${ms(measured.p50)} ms` : rate(measured.messagesPerSecond)) : '';
  const lines = targets.map(({ scenario, what }) => {
    const subjects = rows.find((row) => row.scenario === scenario)?.subjects;
    return [scenario, shown(subjects?.answerback, what), shown(subjects?.original, what)];
  });
  return table(['p50, or messages a second', 'Answerback, on disk', 'FastAPI, nothing stored'], lines);
}
