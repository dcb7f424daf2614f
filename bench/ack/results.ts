import type { Measurement } from '../client/load.js';
import { median } from '../report/statistics.js';
import type { UsedTime } from '../servers/thread-times.js';
import type { Scenario, Subject } from './scenarios.js';

/** One load on one server. */
export interface Round extends Measurement {
  /** Processor time of the server for each message, in microseconds. */
  processor: UsedTime;
}

/** One scenario: for each subject the medians over its rounds. */
export interface Row {
  scenario: string;
  subjects: Partial<Record<Subject, Round & { rounds: Round[] }>>;
}

/** Gathers measurements, in the order in which their scenarios first come. */
export function createResults() {
  const rows = new Map<string, Map<Subject, Round[]>>();
  return {
    add({ name }: Scenario, subject: Subject, round: Round) {
      const row = rows.get(name) ?? new Map<Subject, Round[]>();
      rows.set(name, row.set(subject, [...(row.get(subject) ?? []), round]));
    },
    rows: (): Row[] =>
      [...rows].map(([scenario, row]) => ({
        scenario,
        subjects: Object.fromEntries([...row].map(([subject, rounds]) => [subject, { ...medians(rounds), rounds }])),
      })),
  };
}

export type Results = ReturnType<typeof createResults>;

function medians(rounds: readonly Round[]): Round {
  const of = (value: (round: Round) => number) => median(rounds.map(value));
  const sum = (value: (round: Round) => number) => rounds.reduce((total, round) => total + value(round), 0);
  return {
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    max: of(({ max }) => max),
    messagesPerSecond: of(({ messagesPerSecond }) => messagesPerSecond),
    requests: sum(({ requests }) => requests),
    failures: sum(({ failures }) => failures),
    processor: {
      main: of(({ processor }) => processor.main),
      busiest: of(({ processor }) => processor.busiest),
      others: of(({ processor }) => processor.others),
    },
  };
}
