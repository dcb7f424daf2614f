import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheFolder } from '../../src/temporal/dev-server/program.js';
import { temporaryFolder } from '../kit/data-folder.js';

const run = promisify(execFile);
const env = process.env as Record<string, string>;

/** Releases of the CLI after this one can't be built from their Go module, so this one gets a later server. */
const cli = 'github.com/temporalio/cli@v1.5.1';
const laterVersion = '1.30.4';

/** What the later server has changed for the CLI. */
const changes: Array<[file: string, before: string, after: string]> = [
  ['temporalcli/devserver/server.go', 'dynamicconfig.Key(k)', 'dynamicconfig.MakeKey(k)'],
  ['temporalcli/commands.worker.go', 'info.GetProcessKey()', '""'],
];

const folder = path.join(defaultCacheFolder(env), `temporal-with-server-${laterVersion}`);

/**
 * The folder of a `temporal` program whose server has a later minor version than the one of `npm start`.
 *
 * @throws an error that names the command that builds it
 */
export function laterServerFolder(): string {
  if (existsSync(path.join(folder, 'temporal'))) return folder;
  throw new Error('The test of another server version needs npm run versions:server (some minutes, once, with Go)');
}

/** Builds the program, unless that was done before. */
export async function buildLaterServer(): Promise<void> {
  if (existsSync(path.join(folder, 'temporal'))) return;
  console.log(`Building temporal with server ${laterVersion}, once, which takes some minutes …`);
  const { stdout } = await run('go', ['mod', 'download', '-json', cli]);
  const source = await temporaryFolder('temporal-source');
  try {
    await cp((JSON.parse(stdout) as { Dir: string }).Dir, source.path, { recursive: true });
    // The files of a Go module are read-only.
    await run('chmod', ['-R', 'u+w', source.path]);
    for (const change of changes) await replace(source.path, change);
    const options = { cwd: source.path, env: { ...env, GOFLAGS: '-mod=mod' }, maxBuffer: 16 * 1024 * 1024 };
    await run('go', ['get', `go.temporal.io/server@v${laterVersion}`], options);
    await run('go', ['build', '-o', path.join(folder, 'temporal'), './cmd/temporal'], options);
  } finally {
    await source.remove();
  }
}

async function replace(source: string, [name, before, after]: (typeof changes)[number]): Promise<void> {
  const file = path.join(source, name);
  const text = await readFile(file, 'utf8');
  if (!text.includes(before)) throw new Error(`${name} has no ${before}`);
  await writeFile(file, text.replace(before, after));
}
