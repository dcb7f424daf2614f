import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheFolder, findTemporalProgram } from '../../src/temporal/dev-server/program.js';
import { silentLog } from '../helpers/logs.js';
import { goModuleFolder, type GoProgram } from '../kit/go-program.js';
import { temporalSchemaTool, temporalServer } from '../kit/temporal-programs.js';

const run = promisify(execFile);

/** Puts the files that a recipe copies into its folder; returns the build's arguments. */
type Prepare = (folder: string, version: string) => Promise<Record<string, string>>;

const prepareNode: Prepare = async (folder, version) => {
  const [nodeMajor = ''] = version.split('-');
  const npmMajor = Number(nodeMajor) >= 24 ? '11' : '10';
  for (const [name, wanted] of [
    ['node', `node-linux-${process.arch}@${nodeMajor}`],
    ['npm', `npm@${npmMajor}`],
  ] as const) {
    const { stdout } = await run('npm', ['pack', '--silent', wanted], { cwd: folder });
    await mkdir(path.join(folder, name));
    await run('tar', ['--extract', '--file', stdout.trim(), '--directory', name, '--strip-components', '1'], {
      cwd: folder,
    });
    await rm(path.join(folder, stdout.trim()));
  }
  const authorities = '/usr/local/share/ca-certificates';
  await mkdir(path.join(folder, 'authorities'));
  if (existsSync(authorities)) await cp(authorities, path.join(folder, 'authorities'), { recursive: true });
  await copyFile('/etc/ssl/certs/ca-certificates.crt', path.join(folder, 'ca-certificates.crt'));
  await writeFile(path.join(folder, 'npmrc'), 'cafile=/etc/ssl/stand-in.crt\n');
  const sqlite = createRequire(import.meta.url)('better-sqlite3/package.json') as { version: string };
  return { SQLITE_VERSION: sqlite.version };
};

const prepareServer: Prepare = async (folder, version) => {
  const module = await goModuleFolder(temporalServer(version));
  await copyProgram(path.join(module, 'docker/scripts/sh/entrypoint.sh'), path.join(folder, 'entrypoint.sh'));
  return {};
};

const prepareAdminTools: Prepare = async (folder) => {
  const env = process.env as Record<string, string>;
  const temporal = await findTemporalProgram({
    log: silentLog,
    stopping: new AbortController().signal,
    searchPath: env['PATH'] ?? '',
    cacheFolder: defaultCacheFolder(env),
  });
  await copyFile(temporal.path, path.join(folder, 'temporal'));
  return {};
};

const uiServer = (version: string): GoProgram => ({
  name: 'ui-server',
  module: 'github.com/temporalio/ui-server/v2',
  folder: 'cmd/server',
  version,
});

const prepareUi: Prepare = async (folder, version) => {
  const module = await goModuleFolder(uiServer(version));
  await copyProgram(path.join(module, 'config/docker.yaml'), path.join(folder, 'docker.yaml'));
  await copyProgram(path.join(module, 'docker/start-ui-server.sh'), path.join(folder, 'start-ui-server.sh'));
  return {};
};

interface StandIn {
  /** The folder of its recipe. */
  recipe: string;
  /** What Go builds for it. */
  program?: (version: string) => GoProgram;
  prepare?: Prepare;
}

/** By the vendor's name, without its tag. */
const known: Record<string, StandIn> = {
  node: { recipe: 'node', prepare: prepareNode },
  postgres: { recipe: 'postgres' },
  'temporalio/server': { recipe: 'temporal-server', program: temporalServer, prepare: prepareServer },
  'temporalio/admin-tools': { recipe: 'temporal-admin-tools', program: temporalSchemaTool, prepare: prepareAdminTools },
  'temporalio/ui': { recipe: 'temporal-ui', program: uiServer, prepare: prepareUi },
};

/** How the stand-in of an image is made. */
export function standInOf(image: string): StandIn & { version: string } {
  const [name = '', version = ''] = image.split(':');
  const standIn = known[name];
  if (standIn === undefined) throw new Error(`${image} has no stand-in: add one in test/compose/recipes.ts`);
  return { ...standIn, version };
}

/** Go's copy of a module is read-only and has no file that can be run. */
async function copyProgram(source: string, target: string): Promise<void> {
  await copyFile(source, target);
  await chmod(target, 0o755);
}
