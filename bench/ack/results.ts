import type { Measurement } from '../client/load.js';
import { median } from '../report/statistics.js';
import type { Scenario, Subject, Target } from './scenarios.js';

/** One scenario: for each subject the medians over its rounds. */
export interface Row {
  scenario: string;
  target?: Target;
  subjects: Partial<Record<Subject, Measurement & { rounds: Measurement[] }>>;
}

/** Gathers measurements, in the order in which their scenarios first come. */
export function createResults() {
  const rows = new Map<string, { scenario: Scenario; subjects: Map<Subject, Measurement[]> }>();
  return {
    add(scenario: Scenario, subject: Subject, measurement: Measurement) {
      let row = rows.get(scenario.name);
      if (!row) rows.set(scenario.name, (row = { scenario, subjects: new Map() }));
      row.subjects.set(subject, [...(row.subjects.get(subject) ?? []), measurement]);
    },
    rows: (): Row[] =>
      [...rows.values()].map(({ scenario, subjects }) => ({
        scenario: scenario.name,
        ...(scenario.target ? { target: scenario.target } : {}),
        subjects: Object.fromEntries([...subjects].map(([subject, rounds]) => [subject, { ...medians(rounds), rounds }])),
      })),
  };
}

export type Results = ReturnType<typeof createResults>;

function medians(rounds: Measurement[]): Measurement {
  const of = (name: keyof Measurement) => median(rounds.map((round) => round[name]));
  const sum = (name: keyof Measurement) => rounds.reduce((total, round) => total + round[name], 0);
  return { p50: of('p50'), p99: of('p99'), messagesPerSecond: of('messagesPerSecond'), requests: sum('requests'), failures: sum('failures') };
}
