import type { Results } from '../kit/report.js';

/** What stands in the table for one version. */
export type Row = { version: string } & (Results | { why: string });

/** Returns true when every version ran, and every test on it passed. */
export const isGreen = (rows: readonly Row[]): boolean =>
  rows.every((row) => 'passed' in row && row.passed > 0 && row.failed.length === 0);

/** The table that `npm run test:node` prints, with the failed tests of each version below it. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    'why' in row
      ? `Node ${row.version.padEnd(10)} could not run: ${row.why}`
      : `Node ${row.version.padEnd(10)} ${row.passed} passed, ${row.failed.length} failed`,
  );
  const failed = rows.flatMap((row) =>
    'failed' in row ? row.failed.map(({ name }) => `failed on Node ${row.version}: ${name}`) : [],
  );
  return [...lines, ...failed].join('\n');
}
