import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { temporalVersion } from '../helpers/compose-file.js';
import { buildGoProgram, goProgramPath } from '../kit/go-program.js';
import { temporalSchemaTool, temporalServer } from '../kit/temporal-programs.js';

const env = process.env as Record<string, string>;

/** Those of docker-compose.yml. */
const [server, schemaTool] = [temporalServer(temporalVersion()), temporalSchemaTool(temporalVersion())];

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
  const postgresFolder = await findPostgres();
  const missing: string[] = [];
  if (postgresFolder === undefined) missing.push('Postgres: apt-get install postgresql');
  if (![server, schemaTool].map(goProgramPath).every(existsSync))
    missing.push(
      'the Temporal server and its schema tool: npm run cluster:server (takes some minutes, once, and needs Go)',
    );
  if (missing.length > 0 || postgresFolder === undefined)
    throw new Error(`The test of the cluster needs\n  ${missing.join('\n  ')}`);
  return { server: goProgramPath(server), schemaTool: goProgramPath(schemaTool), postgresFolder };
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
  for (const program of [server, schemaTool]) await buildGoProgram(program);
}
