import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.js';
import { forgetInstalled } from '../helpers/packed.js';
import { type ChildProgram, endLeftOverServer, freePorts, projectFolder, type ProductPorts, startProgram } from '../helpers/product.js';

const readme = readFileSync(path.join(projectFolder, 'README.md'), 'utf8');

/** The commands in the README's blocks, in their order, each on one line. */
const commands = [...readme.replace(/\\\n\s+/g, '').matchAll(/^ {4}((?:npm|npx|curl|temporal|docker|cp|[A-Z_]+=\S+ npm) .+)$/gm)].map(([, command]) => (command as string).replace(/\s+# .*/, ''));

/** What the README promises on its first screen, run as a new user does: in a fresh copy, with nothing set but free ports. */
describe('the README', () => {
  let folder: string;
  let ports: ProductPorts;
  let product: ChildProgram;
  const running: ChildProgram[] = [];

  /** A command with the ports of this test in place of the usual ones. */
  const here = (command: string) => Object.entries({ 8000: ports.PORT, 8001: ports.GATEWAY_PORT, 8233: ports.TEMPORAL_UI_PORT }).reduce((text, [usual, free]) => text.replaceAll(`localhost:${usual}`, `localhost:${free}`), command);

  function start(command: string, env: Record<string, string> = {}, input = ''): ChildProgram {
    const program = startProgram('bash', ['-c', here(command)], { ...ports, TEMPORAL_ADDRESS: `127.0.0.1:${ports.TEMPORAL_PORT}`, ...env }, { cwd: folder, input });
    running.push(program);
    return program;
  }

  async function succeeds(command: string, env: Record<string, string> = {}, input = ''): Promise<string> {
    const program = start(command, env, input);
    const exitCode = await program.exitCode;
    expect(exitCode, `${command}\n${program.output()}`).toBe(0);
    return program.output();
  }

  const says = (program: ChildProgram, words: string, withinMs = 60_000) => eventually(() => program.output().includes(words), { withinMs });

  /** A part that runs until it is told to stop. */
  async function runsUntilStopped(command: string, words: string): Promise<void> {
    const own = await freePorts();
    const program = start(command, { PORT: own.PORT, GATEWAY_PORT: own.GATEWAY_PORT, METRICS_PORT: own.METRICS_PORT, DATA_DIR: 'data-of-its-own' });
    await says(program, words);
    // To npm and what it runs, as Ctrl-C does.
    process.kill(-(program.child.pid as number), 'SIGINT');
    expect(await program.exitCode, program.output()).toBe(0);
  }

  const gateway = (target: string) => `http://127.0.0.1:${ports.GATEWAY_PORT}${target}`;

  const sent = async () => ((await (await fetch(gateway('/sent'))).json()) as { count: number }).count;

  /** A message whose reply the gateway refused. */
  async function parked(guid: string): Promise<string> {
    await fetch(gateway('/script'), { method: 'POST', body: '[{"status":400}]' });
    await fetch(`http://127.0.0.1:${ports.PORT}/api/webhook/sms-received`, { method: 'POST', body: JSON.stringify({ guid, number: '+15550001234', message: 'Yes' }) });
    await eventually(async () => (await succeeds(`temporal workflow list --query 'ReplyState="failed" AND WorkflowId="${guid}"'`)).includes(guid));
    return guid;
  }

  /** Every command of the README, and how it shows that it does what is said there. */
  const shown: Record<string, (command: string) => Promise<unknown>> = {
    'npm ci && npm start': async (command) => {
      product = start(command, { TEMPORAL_ADDRESS: '' });
      await says(product, 'Stop with Ctrl-C', 300_000);
    },
    'npx answerback send': async (command) => expect(await succeeds(command, { TEMPORAL_ADDRESS: '' })).toMatch(/Agree[^]*sent/),
    'npx answerback doctor': async (command) => expect(await succeeds(command, { TEMPORAL_ADDRESS: '' })).toContain('webhook'),
    'npx answerback runs': succeeds,
    'npx answerback retry --all': async (command) => {
      const before = await sent();
      await parked('readme-retried');
      await succeeds(command, { TEMPORAL_ADDRESS: '' });
      await eventually(async () => (await sent()) === before + 1);
    },
    'npx answerback quarantine list': (command) => succeeds(command, { TEMPORAL_ADDRESS: '' }),
    'npx answerback drain': async (command) => {
      expect(await succeeds(command, { TEMPORAL_ADDRESS: '' })).toContain('nothing waits in the inbox');
      await succeeds(`${command} --undo`, { TEMPORAL_ADDRESS: '' });
    },
    'curl -X POST': async (command) => {
      const documented = /The answer:\n\n {4}(.+)\n/.exec(readme)?.[1];
      expect(await succeeds(command)).toContain(documented);
      const log = /The log:\n\n((?: {4}.+\n)+)/.exec(readme)?.[1] ?? '';
      // Without a terminal they are JSON; the words are the same.
      for (const line of log.trim().split('\n')) await says(product, line.trim().replace(/ \{.*/, ''));
      const before = await sent();
      await succeeds(command);
      expect(await sent()).toBe(before);
    },
    'temporal workflow list': succeeds,
    'temporal workflow signal --workflow-id GUID': async (command) => {
      const before = await sent();
      await succeeds(command.replace('GUID', await parked('readme-one')));
      await eventually(async () => (await sent()) === before + 1);
    },
    'temporal workflow signal --query': async (command) => {
      const before = await sent();
      await parked('readme-all');
      await succeeds(command);
      await eventually(async () => (await sent()) === before + 1);
    },
    'temporal operator search-attribute create': async (command) => {
      await succeeds('temporal operator search-attribute remove --namespace default --name ReplyState --yes');
      await succeeds(command);
    },
    'temporal operator namespace update': succeeds,
    'npm run erase': async (command) => expect(await succeeds(command, { TEMPORAL_ADDRESS: '' }, '+15550001234\n')).toMatch(/Erased: [1-9]\d* run\(s\)/),
    'npm run start:api': (command) => runsUntilStopped(command, 'The api is ready'),
    'npm run start:worker': (command) => runsUntilStopped(command, 'The worker is ready'),
    'npm run start:gateway': (command) => runsUntilStopped(command, 'The simulated gateway is ready'),
    'docker compose up': async () => {
      if (spawnSync('docker compose version', { shell: true }).status === 0) await succeeds('docker compose config --quiet', { WEBHOOK_SECRET: 'x', SMS_MOBILE_API_KEY: 'x' });
      else console.log('skipped: docker compose, which is not installed here');
    },
    // This is one of its tests, and .ci/run runs the others.
    'npm ci && npm test': async () => {},
    'npm run test:faults': async () => {},
    'npm run test:cluster': async () => {},
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'answerback-readme-'));
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: projectFolder, encoding: 'utf8' }).split('\0').filter(Boolean);
    for (const file of files) cpSync(path.join(projectFolder, file), path.join(folder, file), { force: true });
    ports = await freePorts();
  });
  afterAll(async () => {
    for (const { child } of running) {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }
    await endLeftOverServer(path.join(folder, 'data'));
    await forgetInstalled(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(commands)('%s', { timeout: 360_000 }, async (command) => {
    const name = Object.keys(shown).find((beginning) => command.startsWith(beginning));
    expect(name, 'this command of the README is not shown to work').toBeDefined();
    await shown[name as string]?.(command);
  });

  it('stops with Ctrl-C', { timeout: 60_000 }, async () => {
    process.kill(-(product.child.pid as number), 'SIGINT');
    expect(await product.exitCode, product.output()).toBe(0);
  });
});
