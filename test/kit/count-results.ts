import { existsSync, readFileSync } from 'node:fs';
import { readReport, type Results } from './report.js';

/**
 * `tsx test/kit/count-results.ts REPORT…` prints how many tests passed and failed in all of these reports, and on stderr
 * why. A report that is not there counts as failed.
 */
const all = process.argv
  .slice(2)
  .map((file): Results =>
    existsSync(file)
      ? readReport(readFileSync(file, 'utf8'))
      : { passed: 0, failed: [{ name: 'no test began', file, why: '' }] },
  );
const failed = all.flatMap((results) => results.failed);
for (const { name, file, why } of failed) console.error(`failed: ${file}: ${name}\n${why.slice(0, 2_000)}`);
console.log(
  all.reduce((sum, { passed }) => sum + passed, 0),
  failed.length,
);
