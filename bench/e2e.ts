import { writeFile } from 'node:fs/promises';
import { startBare } from './e2e/bare.js';
import { type Round, type Side, summary } from './e2e/measured.js';
import { productSide } from './e2e/product.js';
import { e2eReport } from './e2e/report.js';
import { writeDocs } from './report/docs.js';
import { machine } from './report/machine.js';
import { withScope } from './scope.js';
import { startWhole } from './servers/answerback.js';
import { endLeftOverServer } from './servers/folder.js';

/** `npm run bench:e2e`: from the 200 to the reply, next to a bare workflow on the same server. `--quick`, `--write-docs` as in bench:ack. */
const quick = process.argv.includes('--quick');
const [rounds, messages, samples] = quick ? [2, 100, 8] : [5, 250, 12];

await withScope(async (scope) => {
  const here = await machine();
  const startedAt = performance.now();
  const whole = await startWhole(`${scope.folder}/whole`);
  scope.onEnd(() => endLeftOverServer(whole.dataDir));
  scope.onEnd(() => whole.program.stop());
  const bare = await startBare(whole.temporalAddress, scope.folder);
  scope.onEnd(() => bare.close());
  const product = productSide(whole);
  const measured = { product: [] as Round[], bare: [] as Round[] };
  for (const side of [product, bare]) await side.throughput(50);
  for (let round = 1; round <= rounds; round++) {
    console.log(`End to end, round ${round} of ${rounds} …`);
    // In turn, and the other one first in every second round: the server's database grows all the while.
    const sides: Array<['product' | 'bare', Side]> = [['product', product], ['bare', bare]];
    for (const [name, side] of round % 2 === 1 ? sides : sides.reverse()) {
      measured[name].push({ idleMs: await side.idle(samples), messagesPerSecond: await side.throughput(messages) });
    }
  }
  await bare.close();

  const run = { ...here, quick, seconds: Math.round((performance.now() - startedAt) / 1_000), messages, samples, rounds };
  const [ours, theirs] = [summary(measured.product), summary(measured.bare)];
  const report = e2eReport(run, ours, theirs);
  console.log(`\n${report}`);
  if (process.argv.includes('--write-docs')) {
    await writeFile(new URL('results/e2e.json', import.meta.url), `${JSON.stringify({ run, product: ours, bare: theirs }, null, 2)}\n`);
    await writeDocs('docs/performance.md', 'bench:e2e', report);
  }
});
