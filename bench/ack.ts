import { startClient } from './client/client.js';
import { ackChart } from './ack/chart.js';
import { measureAck } from './ack/measure.js';
import { type Profile, profileApi } from './ack/profile.js';
import { ackReport, ackSummary } from './ack/report.js';
import { createResults } from './ack/results.js';
import { ackScenarios } from './ack/scenarios.js';
import { writeDocs, writeResult } from './report/docs.js';
import { machine } from './report/machine.js';
import { withScope } from './scope.js';
import { findPython, pythonVersions } from './servers/python.js';

/**
 * `npm run bench:ack`: measures how long a gateway waits for its 200. `--quick` is shorter and less exact;
 * `--write-docs` writes the figures to bench/results and the docs.
 */
const quick = process.argv.includes('--quick');

await withScope(async (scope) => {
  const here = await machine();
  const startedAt = performance.now();
  const python = await findPython();
  const client = startClient();
  scope.onEnd(() => client.close());
  const results = createResults();
  await measureAck(scope, client, results, { quick, rounds: quick ? 3 : 7, python });
  console.log('Profiles …');
  const profiles: Profile[] = [];
  for (const scenario of ackScenarios(quick)) profiles.push(await profileApi(scope, client, scenario));

  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const run = { ...here, quick, seconds, ...(python ? { python: await pythonVersions(python) } : {}) };
  const rows = results.rows();
  const report = ackReport(run, rows, profiles);
  console.log(`\n${report}`);
  if (process.argv.includes('--write-docs')) {
    await writeResult('ack.json', { run, rows, profiles });
    await writeResult('ack.svg', ackChart(run, rows));
    await writeDocs('docs/performance.md', 'bench:ack', report);
    await writeDocs('README.md', 'bench:ack', ackSummary(rows));
  }
});
