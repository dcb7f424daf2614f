import { bars } from '../report/svg.js';
import { ms } from '../report/table.js';
import type { AckRun } from './report.js';
import type { Row } from './results.js';
import type { Subject } from './scenarios.js';

const shown: Array<[Subject, string]> = [
  ['answerback', 'Answerback, on disk'],
  ['original', 'FastAPI, stores nothing'],
  ['bareKoa', 'bare Koa, stores nothing'],
  ['directStarts', 'waits for Temporal'],
];

const scenarios = ['one after the other', '10 at once', '100 at once', '100 messages in one request'];

/** The chart of the README. */
export function ackChart(run: AckRun, rows: readonly Row[]): string {
  const groups = rows
    .filter(({ scenario }) => scenarios.includes(scenario))
    .map(({ scenario, subjects }) => ({
      title: scenario,
      bars: shown.flatMap(([subject, name]) => {
        const measured = subjects[subject];
        return measured ? [{ name, value: measured.p50, mark: measured.p99, label: `${ms(measured.p50)} / ${ms(measured.p99)}`, strong: subject === 'answerback', offScale: subject === 'directStarts' }] : [];
      }),
    }));
  return bars({
    title: 'Milliseconds until the gateway has its 200',
    subtitle: `Bar: p50, mark: p99. ${run.cores} cores, Node ${run.node}. Shorter is better; each group has its own scale.`,
    groups,
  });
}
