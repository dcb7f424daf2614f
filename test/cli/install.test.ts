import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.js';
import { pack } from '../helpers/packed.js';
import { endLeftOverServer, freePorts, postJson, startProgram } from '../helpers/product.js';

const run = promisify(execFile);

/** Compiling SQLite takes about a minute where no compiled one can be had. */
const installMs = 300_000;

it('the tarball, installed into an empty folder, starts there as npm start does', { timeout: installMs + 60_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-installed-'));
  try {
    const tarball = await pack(folder);
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: folder, timeout: installMs, maxBuffer: 10_000_000 });
    const ports = await freePorts();
    await writeFile(path.join(folder, '.env'), Object.entries(ports).map(([name, value]) => `${name}=${value}\n`).join(''));

    // Without npm in between, so that the child is the product itself.
    const product = startProgram('node_modules/.bin/answerback', [], {}, { cwd: folder });
    try {
      await eventually(() => product.output().includes('Stop with Ctrl-C'), { withinMs: 60_000 });
      const webhook = `http://127.0.0.1:${ports.PORT}/api/webhook/sms-received`;
      expect((await postJson(webhook, { guid: 'first', number: '+15550001234', message: 'Yes, I agree' })).status).toBe(200);
      const show = async () => (await run('npx', ['answerback', 'show', 'first', '--json'], { cwd: folder })).stdout;
      await eventually(async () => (JSON.parse(await show()) as { state: string }).state === 'done');
      expect(JSON.parse(await show())).toMatchObject({ verdict: { label: 'Agree', by: 'rules' }, outcome: { reply: 'sent' } });
      expect((await stat(path.join(folder, 'data'))).mode & 0o077).toBe(0);
    } finally {
      product.child.kill('SIGTERM');
      expect(await product.exitCode, product.output()).toBe(0);
    }
  } finally {
    await endLeftOverServer(path.join(folder, 'data'));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
