import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheFolder } from '../../src/temporal/dev-server/program.js';

const serverVersion = '1.29.1';

const env = process.env as Record<string, string>;

/** A folder of their own, since the programs of the Temporal server are called `server` and `sql`. */
const serverFolder = path.join(defaultCacheFolder(env), `temporal-server-${serverVersion}`);

/** Debian keeps the programs of each version in a folder that is not on PATH. */
const debianFolder = '/usr/lib/postgresql';

export interface ClusterPrograms {
  server: string;
  /** Creates and updates the server's databases. */
  schemaTool: string;
  /** The folder of `initdb`, `pg_ctl` and `postgres`. */
  postgresFolder: string;
}

/**
 * Finds what a Temporal cluster on Postgres is made of.
 *
 * @throws an error that names all that is missing, and the commands that bring it
 */
export async function findClusterPrograms(): Promise<ClusterPrograms> {
  const server = path.join(serverFolder, 'server');
  const schemaTool = path.join(serverFolder, 'sql');
  const postgresFolder = await findPostgres();
  const missing: string[] = [];
  if (postgresFolder === undefined) missing.push('Postgres: apt-get install postgresql');
  if (!existsSync(server) || !existsSync(schemaTool))
    missing.push(
      'the Temporal server and its schema tool: npm run cluster:server (takes some minutes, once, and needs Go)',
    );
  if (missing.length > 0 || postgresFolder === undefined)
    throw new Error(`The test of the cluster needs\n  ${missing.join('\n  ')}`);
  return { server, schemaTool, postgresFolder };
}

async function findPostgres(): Promise<string | undefined> {
  const versions = await readdir(debianFolder).catch(() => []);
  const folders = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => path.join(debianFolder, version, 'bin')),
    ...(env['PATH'] ?? '').split(path.delimiter),
  ];
  return folders.find((folder) =>
    ['initdb', 'pg_ctl', 'postgres'].every((program) => existsSync(path.join(folder, program))),
  );
}

/** Builds the server and its schema tool, unless that was done before. */
export async function buildServer(): Promise<void> {
  if (['server', 'sql'].every((program) => existsSync(path.join(serverFolder, program)))) return;
  console.log('Building the Temporal server and its schema tool, once, which takes some minutes …');
  const packages = ['server', 'tools/sql'].map((program) => `go.temporal.io/server/cmd/${program}@v${serverVersion}`);
  await promisify(execFile)('go', ['install', ...packages], { env: { ...env, GOBIN: serverFolder } });
}
