import { writeFile } from 'node:fs/promises';
import { startClient } from './client/client.js';
import { measureOneProcess } from './ack/one-process.js';
import { measureCost } from './ack/cost.js';
import { measurePlain } from './ack/plain.js';
import { createResults } from './ack/results.js';
import { ackChart } from './ack/chart.js';
import { ackReport, ackSummary, costReport } from './ack/report.js';
import { measureWithTemporal } from './ack/with-temporal.js';
import { writeDocs } from './report/docs.js';
import { machine } from './report/machine.js';
import { withScope } from './scope.js';
import { findPython, pythonVersions } from './servers/python.js';

/** `npm run bench:ack`: how long a gateway waits for its 200. `--quick` is shorter and rougher, `--write-docs` puts the figures into bench/results and the docs. */
const quick = process.argv.includes('--quick');

await withScope(async (scope) => {
  const here = await machine();
  const startedAt = performance.now();
  const python = await findPython();
  const client = startClient();
  scope.onEnd(() => client.close());
  const results = createResults();
  await measurePlain(scope, client, results, { quick, rounds: quick ? 2 : 5, python });
  const cost = createResults();
  await measureCost(scope, client, cost, { quick, rounds: quick ? 5 : 9 });
  const { backlogLeft } = await measureWithTemporal(scope, client, results, quick);
  await measureOneProcess(scope, client, results, { quick, rounds: quick ? 1 : 3, python });

  const run = { ...here, quick, seconds: Math.round((performance.now() - startedAt) / 1_000), backlogLeft, ...(python ? { python: await pythonVersions(python) } : {}) };
  const rows = results.rows();
  const report = ackReport(run, rows);
  const costs = costReport(cost.rows());
  console.log(`\n${report}\n\n${costs}`);
  if (process.argv.includes('--write-docs')) {
    const folder = new URL('results/', import.meta.url);
    await writeFile(new URL('ack.json', folder), `${JSON.stringify({ run, rows, cost: cost.rows() }, null, 2)}\n`);
    await writeFile(new URL('ack.svg', folder), ackChart(run, rows));
    await writeDocs('docs/performance.md', 'bench:ack', report);
    await writeDocs('docs/performance.md', 'bench:ack cost', costs);
    await writeDocs('README.md', 'bench:ack', ackSummary(rows));
  }
});
