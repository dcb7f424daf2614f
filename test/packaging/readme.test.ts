import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject } from '../helpers/project-files.js';
import { compiledSqlite } from '../kit/compiled-sqlite.js';
import { eventually } from '../kit/eventually.js';
import { forgetInstalled } from '../kit/packed.js';
import { endLeftOverServer } from '../kit/data-folder.js';
import { freePorts, type ProductPorts } from '../kit/ports.js';
import { type Program, projectFolder, startProgram } from '../kit/program.js';

const readme = readFileSync(path.join(projectFolder, 'README.md'), 'utf8');

/** The commands in the README's blocks, in their order, each on one line. */
const commands = [
  ...readme.replace(/\\\n\s+/g, '').matchAll(/^ {4}((?:npm|npx|curl|temporal|docker|cp|[A-Z_]+=\S+ npm) .+)$/gm),
].map(([, command]) => (command as string).replace(/\s+# .*/, ''));

/** The README's commands, run as a new user does: in a fresh copy, with nothing set but free ports. */
describe('the README', () => {
  let folder: string;
  /** Beside the project, which must stay as a clone is. */
  let tools: string;
  let ports: ProductPorts;
  let product: Program;
  const running: Program[] = [];

  /** A command with the ports of this test in place of the usual ones. */
  const here = (command: string) =>
    Object.entries({ 8000: ports.PORT, 8001: ports.GATEWAY_PORT, 8233: ports.TEMPORAL_UI_PORT }).reduce(
      (text, [usual, free]) => text.replaceAll(`localhost:${usual}`, `localhost:${free}`),
      command,
    );

  function start(command: string, env: Record<string, string> = {}): Program {
    const program = startProgram(
      'bash',
      ['-c', here(command)],
      { ...ports, TEMPORAL_ADDRESS: `127.0.0.1:${ports.TEMPORAL_PORT}`, ...env },
      { cwd: folder },
    );
    running.push(program);
    return program;
  }

  async function succeeds(command: string, env: Record<string, string> = {}): Promise<string> {
    const program = start(command, env);
    const exitCode = await program.exitCode;
    expect(exitCode, `${command}\n${program.output()}`).toBe(0);
    return program.output();
  }

  const says = (program: Program, words: string, withinMs = 60_000) =>
    eventually(() => program.output().includes(words), { withinMs });

  const gateway = (target: string) => `http://127.0.0.1:${ports.GATEWAY_PORT}${target}`;

  const sent = async () => ((await (await fetch(gateway('/sent'))).json()) as { count: number }).count;

  /** A message whose reply the gateway refused. */
  async function parked(guid: string): Promise<string> {
    await fetch(gateway('/script'), { method: 'POST', body: '[{"status":400}]' });
    await fetch(`http://127.0.0.1:${ports.PORT}/api/webhook/sms-received`, {
      method: 'POST',
      body: JSON.stringify({ guid, number: '+15550001234', message: 'Yes' }),
    });
    await eventually(async () =>
      (await succeeds(`temporal workflow list --query 'ReplyState="failed" AND WorkflowId="${guid}"'`)).includes(guid),
    );
    return guid;
  }

  /** Every command of the README, and how it shows that it does what is said there. */
  const shown: Record<string, (command: string) => Promise<unknown>> = {
    'npm ci && npm start': async (command) => {
      product = start(command, { TEMPORAL_ADDRESS: '', ...compiledSqlite(tools) });
      // Most of it is npm ci, which downloads everything.
      await says(product, 'Stop with Ctrl-C', 900_000);
    },
    'npx answerback send': async (command) =>
      expect(await succeeds(command, { TEMPORAL_ADDRESS: '' })).toMatch(/Agree[^]*sent/),
    'npx answerback doctor': async (command) =>
      expect(await succeeds(command, { TEMPORAL_ADDRESS: '' })).toContain('webhook'),
    'npx answerback runs': succeeds,
    'cp playbooks/default.yaml playbook.yaml': succeeds,
    'npx answerback playbook --try': async (command) => expect(await succeeds(command)).toContain('Agree'),
    'npx answerback retry --all': async (command) => {
      const before = await sent();
      await parked('readme-retried');
      await succeeds(command, { TEMPORAL_ADDRESS: '' });
      await eventually(async () => (await sent()) === before + 1);
    },
    'curl -X POST': async (command) => {
      const documented = /The response:\n\n {4}(.+)\n/.exec(readme)?.[1];
      expect(await succeeds(command)).toContain(documented);
      const log = /The log:\n\n((?: {4}.+\n)+)/.exec(readme)?.[1] ?? '';
      // Without a terminal they are JSON; the words are the same.
      for (const line of log.trim().split('\n')) await says(product, line.trim().replace(/ \{.*/, ''));
      const before = await sent();
      await succeeds(command);
      expect(await sent()).toBe(before);
    },
    'docker compose up': async () => {
      if (spawnSync('docker compose version', { shell: true }).status === 0)
        await succeeds('docker compose config --quiet', { ANSWERBACK_SECRET: 'x' });
      else console.log('skipped: docker compose, which is not installed here');
    },
    // .ci/run runs it.
    'npm ci && npm test': async () => {},
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'answerback-readme-'));
    tools = mkdtempSync(path.join(tmpdir(), 'answerback-readme-tools-'));
    copyProject(folder);
    ports = await freePorts();
  });
  afterAll(async () => {
    for (const { child } of running) {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(-child.pid, 'SIGKILL');
    }
    await endLeftOverServer(path.join(folder, 'data'));
    await forgetInstalled(folder);
    for (const made of [folder, tools]) rmSync(made, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(commands)('%s', { timeout: 960_000 }, async (command) => {
    const name = Object.keys(shown).find((beginning) => command.startsWith(beginning));
    expect(name, 'this command of the README is not shown to work').toBeDefined();
    await shown[name as string]?.(command);
  });

  it('stops with Ctrl-C', async () => {
    process.kill(-(product.child.pid as number), 'SIGINT');
    expect(await product.exitCode, product.output()).toBe(0);
  });
});
