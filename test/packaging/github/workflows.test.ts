import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isThere, read } from '../../helpers/project-files.js';
import { projectFolder } from '../../kit/program.js';
import { nodeVersions } from '../../node/versions.js';
import { errorsIn, readWorkflow, stepsOf } from './workflow.js';

const folder = '.github/workflows';
const files = readdirSync(path.join(projectFolder, folder)).map((name) => `${folder}/${name}`);
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe.each(files)('%s', (file) => {
  const workflow = readWorkflow(file);
  const steps = stepsOf(workflow);
  const commands = steps.flatMap(({ run }) => run ?? []);

  it("is read by GitHub's own parser", () => {
    expect(errorsIn(read(file))).toEqual([]);
  });

  it('may read the code, and a job only what it needs beside that', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const more = Object.entries(workflow.jobs).flatMap(([job, { permissions = {} }]) =>
      Object.entries(permissions).flatMap(([what, how]) => (how === 'write' ? [`${job}: ${what}`] : [])),
    );
    const allowed = ['build: packages', 'image: packages', 'npm: id-token', 'github: contents'];
    expect(more).toEqual(file.endsWith('release.yml') ? allowed : []);
  });

  it('never runs the code of a pull request with the rights of the repository', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on)).not.toContain('workflow_run');
  });

  it('pins each action, leaves no token in the checked-out folder, and stores no secret', () => {
    for (const { uses = '' } of steps) expect(uses).toMatch(/^$|^(actions|docker)\/[\w-]+@v\d+$/);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout'));
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
    expect(read(file)).not.toContain('secrets.');
  });

  it('writes no expression into a command, where its text would be run', () => {
    for (const command of commands) expect(command).not.toContain('${{');
  });

  it('runs scripts and files that are there', () => {
    expect(commands.length).toBeGreaterThan(3);
    const named = commands.flatMap((command) => [...command.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
    const ownFiles = commands.flatMap((command) => [...command.matchAll(/^(\.\S+)/gm)].map(([, name]) => name));
    for (const name of ownFiles) expect(isThere(name as string), name).toBe(true);
    const called = Object.values(workflow.jobs).flatMap(({ uses }) => uses ?? []);
    for (const other of called) expect(files.map((name) => `./${name}`)).toContain(other);
  });

  it('limits the time of each job', () => {
    for (const [name, job] of Object.entries(workflow.jobs))
      expect(job['timeout-minutes'] !== undefined || job.uses !== undefined, name).toBe(true);
  });
});

it("GitHub's parser refuses a key that is misspelt, and an expression that is not closed", () => {
  const job = (step: string) => `on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;
  expect(errorsIn(job('run: echo ${{ github.sha }}'))).toEqual([]);
  expect(errorsIn(job('runs: echo'))).not.toEqual([]);
  expect(errorsIn(job('run: echo ${{ github.sha'))).not.toEqual([]);
});

it('CI tests the same versions of Node as `npm run test:node`, on Linux and macOS, and the lowest on Linux', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  expect(readWorkflow(`${folder}/ci.yml`).jobs['test']?.strategy?.matrix).toEqual({
    os: ['ubuntu-latest', 'macos-latest'],
    node: [...nodeVersions],
    include: [{ os: 'ubuntu-latest', node: engines.node.replace('>=', '') }],
  });
});

it('a release builds the image for both processors, with a bill of materials, provenance and labels', () => {
  const workflow = readWorkflow(`${folder}/release.yml`);
  const platforms = workflow.jobs['build']?.strategy?.matrix['include'] as Array<{ platform: string }>;
  const [one] = stepsOf(workflow).flatMap(({ run }) => (run?.includes('imagetools create') ? [run] : []));
  for (const { platform } of platforms) expect(one).toContain(`"$image:$version-${platform}"`);
  expect(platforms.map(({ platform }) => platform)).toEqual(['amd64', 'arm64']);
  const build = stepsOf(workflow).find(({ uses }) => uses?.includes('build-push-action'));
  expect(build?.with).toMatchObject({ sbom: true, provenance: 'mode=max' });
  for (const label of ['title', 'description', 'licenses', 'version', 'created', 'revision', 'source'])
    expect(build?.with?.['labels']).toContain(`org.opencontainers.image.${label}=`);
});
