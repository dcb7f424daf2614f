import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../../kit/data-folder.js';
import { projectFolder } from '../../kit/program.js';
import { readWorkflow, stepsOf } from './workflow.js';

const run = promisify(execFile);
const steps = stepsOf(readWorkflow('.github/workflows/release.yml'));

const changelog = `# Changelog

## [Unreleased]

- Later.

## [1.0.0] - 2026-12-01

### Added

- First.

## [1.0.0-rc.1] - 2026-11-20

## [0.9.0] - 2026-11-01

- Before.
`;

/** The steps of a release that need no GitHub, run as they stand in the workflow. */
describe('a release of 1.0.0', () => {
  let copy: TemporaryFolder;
  beforeEach(async () => {
    copy = await temporaryFolder('release');
    await mkdir(path.join(copy.path, '.ci'));
    await cp(path.join(projectFolder, '.ci/changelog-section'), path.join(copy.path, '.ci/changelog-section'));
    const manifest = JSON.parse(await readFile(path.join(projectFolder, 'package.json'), 'utf8')) as object;
    await writeFile(path.join(copy.path, 'package.json'), JSON.stringify({ ...manifest, version: '1.0.0' }));
    await writeFile(path.join(copy.path, 'CHANGELOG.md'), changelog);
  });
  afterEach(() => copy.remove());

  async function runStep(words: string, env: Record<string, string>): Promise<string> {
    const step = steps.find(({ run }) => run?.includes(words)) ?? expect.fail(`no step runs ${words}`);
    const github = { GITHUB_REPOSITORY: 'Owner/answerback', GITHUB_REPOSITORY_OWNER: 'Owner', ...env };
    const { stdout } = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''], {
      cwd: copy.path,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        GITHUB_SERVER_URL: 'https://example.com',
        ...github,
      },
    });
    return stdout;
  }

  it('begins only when the tag is the version of package.json', async () => {
    await runStep('node --print', { GITHUB_REF_NAME: 'v1.0.0' });
    await expect(runStep('node --print', { GITHUB_REF_NAME: 'v1.0.1' })).rejects.toThrow();
  });

  it('takes its notes from the section of the changelog, and from no other', async () => {
    const notes = await runStep('.ci/changelog-section', { GITHUB_REF_NAME: 'v1.0.0' });
    expect(notes.trim()).toBe('### Added\n\n- First.');
  });

  it.each(['v2.0.0', 'v1.0.0-rc.1', 'v1.0'])('ends when the changelog has nothing for %s', async (tag) => {
    await expect(runStep('.ci/changelog-section', { GITHUB_REF_NAME: tag })).rejects.toThrow('has no section');
  });

  it.each([
    ['', '@owner/answerback'],
    ['a-scope', '@a-scope/answerback'],
  ])('publishes under the scope "%s", as %s, with the address of the repository', async (NPM_SCOPE, name) => {
    await runStep('npm pkg set', { NPM_SCOPE });
    const published = JSON.parse(await readFile(path.join(copy.path, 'package.json'), 'utf8')) as object;
    expect(published).toMatchObject({
      name,
      version: '1.0.0',
      bin: { answerback: 'dist/cli/main.js' },
      repository: { type: 'git', url: 'git+https://example.com/Owner/answerback.git' },
      publishConfig: { access: 'public', provenance: true },
    });
    expect(published).not.toHaveProperty('private');
  });

  it('names its image in lower case, as registries ask', async () => {
    const output = path.join(copy.path, 'output');
    await runStep('image=', { GITHUB_REF_NAME: 'v1.0.0', GITHUB_OUTPUT: output });
    expect(await readFile(output, 'utf8')).toMatch(
      /^image=ghcr\.io\/owner\/answerback\nversion=1\.0\.0\ncreated=\S+Z\n$/,
    );
  });
});
