import { installNode } from './install-node.js';
import { isGreen, type Row, table } from './result.js';
import { runSuite } from './run-suite.js';
import { nodeVersions } from './versions.js';

/** `npm run test:node`, with `-- 24` for one version only, and `-- 24 test/inbox` for some tests. */
const args = process.argv.slice(2);
const asked = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
const tests = args.filter((arg) => !/^\d+$/.test(arg));

const rows: Row[] = [];
for (const major of asked.length > 0 ? asked : nodeVersions) rows.push(await rowOf(major));
console.log(table(rows));
process.exitCode = isGreen(rows) ? 0 : 1;

async function rowOf(major: number): Promise<Row> {
  let version = String(major);
  try {
    const node = await installNode(major);
    version = node.version;
    console.log(`Node ${version}: installing packages and running the tests …`);
    return { version, ...(await runSuite(node, tests)) };
  } catch (error) {
    return { version, why: (error as Error).message };
  }
}
