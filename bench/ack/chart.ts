import { bars } from '../report/svg.js';
import { ms } from '../report/table.js';
import type { AckRun } from './report.js';
import type { Row } from './results.js';
import type { Subject } from './scenarios.js';
import { targets } from './targets.js';

const shown: Array<[Subject, string]> = [
  ['answerback', 'Answerback, on disk'],
  ['floor', 'Koa and an fdatasync'],
  ['original', 'FastAPI, stores nothing'],
];

/** Draws the chart for the README. */
export function ackChart(run: AckRun, rows: readonly Row[]): string {
  const groups = targets
    .filter(({ what }) => what === 'p50')
    .map(({ scenario }) => ({ title: scenario, bars: barsOf(rows.find((row) => row.scenario === scenario)) }));
  return bars({
    title: 'Milliseconds until the gateway has its 200',
    subtitle:
      `Bar: p50, mark: p99. ${run.cores} cores, Node ${run.node}. Shorter is better; each group has its ` +
      'own scale.',
    groups,
  });
}

function barsOf(row: Row | undefined) {
  return shown.flatMap(([subject, name]) => {
    const measured = row?.subjects[subject];
    if (!measured) return [];
    const { p50: value, p99: mark } = measured;
    return [{ name, value, mark, label: `${ms(value)} / ${ms(mark)}`, strong: subject === 'answerback' }];
  });
}
