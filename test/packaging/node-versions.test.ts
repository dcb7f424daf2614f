import { describe, expect, it } from 'vitest';
import { read } from '../helpers/project-files.js';
import { readReport } from '../kit/report.js';
import { isGreen, table } from '../node/result.js';
import { nodeVersions } from '../node/versions.js';

const recommended = read('.nvmrc').trim();
const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
const lowest = engines.node.replace('>=', '');

describe('the version of Node', () => {
  it('in .nvmrc is one on which `npm test` runs', () => {
    expect(nodeVersions.map(String)).toContain(recommended);
  });

  it.each(['README.md', 'CONTRIBUTING.md', 'docs/deploying.md'])('is the same in %s', (page) => {
    const text = read(page);
    expect(text).toMatch(new RegExp(`\\b(Node|on) ${recommended}\\b`));
    expect(text).toContain(lowest);
    expect(text).toMatch(/no security fixes since April 2026|without security fixes since April 2026/);
  });

  it.each(['CONTRIBUTING.md', 'docs/deploying.md'])('is tested as %s says', (page) => {
    for (const version of nodeVersions) expect(read(page)).toMatch(new RegExp(`\\b${version}\\b`));
  });
});

describe('the table of `npm run test:node`', () => {
  const passing = { name: 'one.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'one' }] };
  const broken = { name: 'broken.test.ts', status: 'failed', assertionResults: [] };
  const failing = { name: 'two.test.ts', status: 'failed', assertionResults: [{ status: 'failed', fullName: 'two' }] };
  const report = (...testResults: unknown[]) => readReport(JSON.stringify({ numPassedTests: 1, testResults }));

  it('names each failed test, each file that could not be read, and why a version could not run', () => {
    const rows = [
      { version: '22.1.0', ...report(passing) },
      { version: '24.1.0', ...report(passing, broken, failing) },
      { version: '26', why: 'npm ci: no such version' },
    ];
    expect(table(rows).split('\n')).toEqual([
      'Node 22.1.0     1 passed, 0 failed',
      'Node 24.1.0     1 passed, 2 failed',
      'Node 26         could not run: npm ci: no such version',
      'failed on Node 24.1.0: broken.test.ts',
      'failed on Node 24.1.0: two',
    ]);
  });

  it('is green only when every version ran and passed', () => {
    const green = { version: '22.1.0', ...report(passing) };
    expect(isGreen([green])).toBe(true);
    expect(isGreen([green, { version: '24.1.0', ...report(passing, failing) }])).toBe(false);
    expect(isGreen([green, { version: '26', why: 'none' }])).toBe(false);
    expect(isGreen([{ version: '22.1.0', passed: 0, failed: [] }])).toBe(false);
  });
});
