import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyProject } from '../helpers/project-files.js';
import { startProgram } from '../kit/program.js';
import { readReport, type Results } from '../kit/report.js';
import type { InstalledNode } from './install-node.js';

/**
 * Runs `npm test` of a copy of the project on a Node. Only better-sqlite3 depends on the version, so the Node at hand
 * downloads the packages, with its own certificates and proxies. The copy is outside of node_modules, because Vitest
 * doesn't compile what is inside.
 *
 * @param tests the test files to run, or none for all of `npm test`
 * @throws when the packages can't be installed, or no test could begin; the message has the last lines that were printed
 */
export async function runSuite({ bin, headers }: InstalledNode, tests: readonly string[]): Promise<Results> {
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-node-'));
  const report = path.join(folder, 'report.json');
  const here = process.env as Record<string, string>;
  const there = {
    ...here,
    PATH: `${bin}${path.delimiter}${here['PATH']}`,
    npm_config_nodedir: headers,
    TEST_REPORT: report,
  };
  const npm = async (args: string, env: Record<string, string> = there) => {
    const program = startProgram('npm', args.split(' '), env, { cwd: folder });
    const exitCode = await program.exitCode;
    return { exitCode, lastLines: program.output().trim().split('\n').slice(-5).join('\n') };
  };
  const install = async (...[args, env]: Parameters<typeof npm>) => {
    const { exitCode, lastLines } = await npm(args, env);
    if (exitCode !== 0) throw new Error(`npm ${args}: ${lastLines}`);
  };

  try {
    copyProject(folder);
    await install('ci --ignore-scripts --prefer-offline --no-audit --no-fund', here);
    await install('rebuild better-sqlite3');
    const { lastLines } = await npm(tests.length > 0 ? `exec vitest run ${tests.join(' ')}` : 'test');
    const text = await readFile(report, 'utf8').catch(() => {
      throw new Error(`no test began: ${lastLines}`);
    });
    return readReport(text);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
