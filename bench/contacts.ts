import { compareCost } from './contacts/cost.js';
import { compareOptOuts } from './contacts/idle-opt-outs.js';
import { contactsReport } from './contacts/report.js';
import { writeDocs, writeResult } from './report/docs.js';
import { machine } from './report/machine.js';
import { withScope } from './scope.js';

/**
 * `npm run bench:contacts`: measures what contacts and limits add to a message of a sender who writes once, what the
 * end of a pause costs, and what very many opt-outs cost while they are idle. `--quick` and `--write-docs` work as in
 * bench:ack.
 */
const quick = process.argv.includes('--quick');
const plan = quick
  ? { rounds: 2, messages: 100, samples: 8, optOuts: 2_000 }
  : { rounds: 8, messages: 250, samples: 12, optOuts: 100_000 };

const startedAt = performance.now();
const here = await machine();
const cost = await withScope((scope) => compareCost(scope, plan));
const optOuts = await withScope((scope) => compareOptOuts(scope, plan));

const run = { ...here, ...plan, quick, seconds: Math.round((performance.now() - startedAt) / 1_000) };
const report = contactsReport(run, { cost, optOuts });
console.log(`\n${report}`);
if (process.argv.includes('--write-docs')) {
  await writeResult('contacts.json', { run, cost, optOuts });
  await writeDocs('docs/performance.md', 'bench:contacts', report);
}
