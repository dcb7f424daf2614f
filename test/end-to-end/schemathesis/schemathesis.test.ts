import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { dataFolder } from '../../kit/data-folder.js';
import { freePorts } from '../../kit/ports.js';
import { startBuiltApi } from '../../kit/product.js';
import { allCases } from '../../gateways/contract/load.js';
import { findSchemathesis } from './program.js';
import { schemathesisSettings } from './settings.js';
import { signingCases, startSigningRelay } from './signing-relay.js';

/** For another run than CI's: `SCHEMATHESIS_SEED=7 npx vitest …`. */
const seed = process.env['SCHEMATHESIS_SEED'] ?? '1';

/** What `--report json` says of a run. */
interface Report {
  complete: boolean;
  operations: { selected: number; tested: number; errored: number };
  phases: Record<string, { status: string }>;
  test_cases: { generated: number; with_failures: number; errored: number };
  failures: unknown[];
  errors: unknown[];
}

it('the api behaves as its own description says, whatever is sent', { timeout: 480_000 }, async () => {
  const program = await findSchemathesis();
  const ports = await freePorts();
  const data = await dataFolder();
  onTestFinished(data.remove);
  // No server is at that address: accepted messages stay in the inbox.
  const api = await startBuiltApi({
    ...(Object.assign({}, ...allCases.map(({ environment }) => environment)) as Record<string, string>),
    ...ports,
    DATA_DIR: data.path,
    TEMPORAL_ADDRESS: '127.0.0.1:9',
  });
  onTestFinished(() => void api.child.kill('SIGKILL'));
  const relay = await startSigningRelay(Number(ports.PORT));
  onTestFinished(relay.close);

  const { exitCode, output, report } = await runSchemathesis(program, `http://127.0.0.1:${relay.port}/openapi.json`);

  expect({ exitCode, failures: report.failures, errors: report.errors }, output).toEqual({
    exitCode: 0,
    failures: [],
    errors: [],
  });
  expect(report).toMatchObject({
    complete: true,
    operations: { errored: 0 },
    test_cases: { with_failures: 0, errored: 0 },
  });
  const passed = { status: 'success' };
  expect(report.phases).toMatchObject({ examples: passed, coverage: passed, fuzzing: passed, stateful: passed });
  // Two of each gateway, two of SMSMobileAPI's second path, and two for operators. Never the document itself.
  const operations = 2 * allCases.length + 4;
  expect(report.operations).toMatchObject({ selected: operations, tested: operations });
  expect(report.test_cases.generated).toBeGreaterThanOrEqual(2_000);
  for (const { gateway } of signingCases) expectBothWays(gateway.description.path, relay.responses);
  expect(api.output()).not.toContain('request.failed');
  expect(api.child.exitCode).toBeNull();
  console.log(
    `seed ${seed}: ${report.test_cases.generated} requests, ${report.operations.tested} operations, no fault`,
  );
});

/** Posts with the right signature were read, and those without were refused. */
function expectBothWays(route: string, responses: Record<string, number>): void {
  const countOf = (kind: string) => responses[`${route}, ${kind}`] ?? 0;
  const said = JSON.stringify(responses, null, 2);
  expect(countOf('signed: 200'), said).toBeGreaterThanOrEqual(100);
  expect(countOf('signed: 401'), said).toBe(0);
  expect(countOf('unsigned: 401'), said).toBeGreaterThanOrEqual(1);
  expect(countOf('unsigned: 200'), said).toBe(0);
}

async function runSchemathesis(
  program: string,
  document: string,
): Promise<{ exitCode: number; output: string; report: Report }> {
  // Of its own, since it leaves caches where it runs and reads settings from there.
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-schemathesis-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(path.join(folder, 'schemathesis.toml'), schemathesisSettings);
  const reportFile = path.join(folder, 'report.json');
  const settings = [
    '--seed',
    seed,
    '--max-examples',
    '100',
    '--mode',
    'all',
    '--phases',
    'examples,coverage,fuzzing,stateful',
  ];
  // Junk in a date costs the date and not the text, so much that the document does not allow is accepted.
  const checks = ['--checks', 'all', '--exclude-checks', 'negative_data_rejection', '--continue-on-failure'];
  const reporting = ['--report-json-path', reportFile, '--generation-database', 'none', '--no-color'];
  const args = ['run', document, '--workers', '1', ...settings, ...checks, ...reporting];
  const options = {
    cwd: folder,
    env: { ...process.env, NO_PROXY: '127.0.0.1' },
    maxBuffer: 64 * 1_048_576,
    timeout: 440_000,
  };
  const { exitCode, output } = await new Promise<{ exitCode: number; output: string }>((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code ?? -1) : 0, output: stdout + stderr }),
    );
  });
  const report = await readFile(reportFile, 'utf8').catch((error: unknown) => {
    throw new Error(`Schemathesis wrote no report; it printed:\n${output}`, { cause: error });
  });
  return { exitCode, output, report: JSON.parse(report) as Report };
}
