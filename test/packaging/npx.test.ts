import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { compiledSqlite } from '../kit/compiled-sqlite.js';
import { eventually } from '../kit/eventually.js';
import { forgetInstalled, packScoped } from '../kit/packed.js';
import { endLeftOverServer } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { postJson } from '../kit/product.js';
import { startProgram } from '../kit/program.js';

const run = promisify(execFile);

/** All packages are downloaded. */
const installMs = 300_000;

it(
  'npx of the tarball of a release, in an empty folder, works like npm start',
  { timeout: installMs + 60_000 },
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'answerback-npx-'));
    try {
      // A name of its own: npx takes what it has installed before under the same words. An absolute path it would run as
      // a program.
      const tarball = `./${path.basename(folder)}.tgz`;
      await rename(await packScoped(folder, 'a-scope'), path.join(folder, tarball));
      const ports = await freePorts();
      await writeFile(
        path.join(folder, '.env'),
        Object.entries(ports)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
      const answerback = (...args: string[]) => ['--yes', '--prefer-offline', tarball, ...args];

      const product = startProgram('npx', answerback(), compiledSqlite(folder), { cwd: folder });
      const closed = new Promise((resolve) => product.child.once('close', resolve));
      const hasEnded = () => product.child.exitCode !== null || product.child.signalCode !== null;
      try {
        await eventually(() => hasEnded() || product.output().includes('Stop with Ctrl-C'), { withinMs: installMs });
        expect(hasEnded(), product.output()).toBe(false);
        const webhook = `http://127.0.0.1:${ports.PORT}/api/webhook/sms-received`;
        expect(
          (await postJson(webhook, { guid: 'first', number: '+15550001234', message: 'Yes, I agree' })).status,
        ).toBe(200);
        const show = async () => (await run('npx', answerback('show', 'first', '--json'), { cwd: folder })).stdout;
        await eventually(async () => (JSON.parse(await show()) as { state: string }).state === 'done', {
          withinMs: 30_000,
        });
        expect(JSON.parse(await show())).toMatchObject({
          verdict: { label: 'Agree', by: 'rules' },
          outcome: { reply: 'sent' },
        });
        expect((await stat(path.join(folder, 'data'))).mode & 0o077).toBe(0);
      } finally {
        // Ctrl-C reaches the whole group; npx ends at once, and the product when it is through, which closes its output.
        if (!hasEnded()) process.kill(-(product.child.pid as number), 'SIGINT');
        await closed;
      }
      await expect(
        fetch(`http://127.0.0.1:${ports.TEMPORAL_UI_PORT}`),
        'its Temporal server has ended too',
      ).rejects.toThrow();
    } finally {
      await endLeftOverServer(path.join(folder, 'data'));
      await forgetInstalled(folder);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
