import { startBare } from './e2e/bare.js';
import { measureRound, type Round, type Side, summary } from './e2e/measured.js';
import { measureProcessorTime } from './e2e/processor-time.js';
import { productSide } from './e2e/product.js';
import { measureReceipts } from './e2e/receipts.js';
import { e2eReport } from './e2e/report.js';
import { inRounds } from './e2e/rounds.js';
import { writeDocs, writeResult } from './report/docs.js';
import { machine } from './report/machine.js';
import { type Scope, withScope } from './scope.js';
import { startWhole } from './servers/answerback.js';
import { endLeftOverServer } from '../test/kit/data-folder.js';

/**
 * `npm run bench:e2e`: measures the time from the 200 to the reply, compared with a bare workflow on the same server,
 * and what a receipt for every reply costs. `--quick` and `--write-docs` work as in bench:ack.
 */
const quick = process.argv.includes('--quick');
const [rounds, messages, samples] = quick ? [2, 100, 8] : [5, 250, 12];

const startedAt = performance.now();
const here = await machine();
const measured = await withScope(measureInOneProcess);
const processorMs = await withScope((scope) => measureProcessorTime(scope, { rounds, messages }));
const receipts = await withScope((scope) => measureReceipts(scope, { rounds, messages }));

const run = {
  ...here,
  quick,
  seconds: Math.round((performance.now() - startedAt) / 1_000),
  messages,
  samples,
  rounds,
};
const [product, bare] = [summary(measured.product), summary(measured.bare)];
const report = e2eReport(run, { product, bare, processorMs, receipts });
console.log(`\n${report}`);
if (process.argv.includes('--write-docs')) {
  await writeResult('e2e.json', { run, product, bare, processorMs, receipts });
  await writeDocs('docs/performance.md', 'bench:e2e', report);
}

/** Throughput and latency: each side runs its worker and starts its workflows in one process. */
async function measureInOneProcess(scope: Scope): Promise<{ product: Round[]; bare: Round[] }> {
  const whole = await startWhole(`${scope.folder}/whole`);
  scope.onEnd(() => endLeftOverServer(whole.dataDir));
  scope.onEnd(() => whole.program.stop());
  const bare = await startBare(whole.temporalAddress, { eager: true });
  scope.onEnd(() => bare.close());
  const sides = { product: productSide(whole), bare };
  for (const side of Object.values(sides)) await side.throughput(50);
  const measured = await inRounds(sides, { rounds, title: 'End to end' }, (side: Side) =>
    measureRound(side, { messages, samples }),
  );
  await bare.close();
  return measured;
}
