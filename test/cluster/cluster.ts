import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheFolder, findTemporalProgram } from '../../src/temporal/dev-server/program.js';
import { silentLog } from '../helpers/logs.js';
import { projectFolder } from '../kit/program.js';
import { createStops } from '../kit/stops.js';
import { freePortNumbers } from '../kit/ports.js';
import { findClusterPrograms } from './cluster-programs.js';
import { type Postgres, startPostgres } from './postgres.js';
import { superviseServer } from './server.js';
import { serverConfig } from './server-config.js';

export interface Cluster {
  address: string;
  restartPostgres(): Promise<void>;
  /** Saves both databases in a folder, as docs/backup.md says. */
  backUp(folder: string): Promise<void>;
  /** Stops the server, restores both databases from the folder, as docs/backup.md says, and starts the server. */
  restore(folder: string): Promise<void>;
  /** How often the server had ended and was started again. */
  serverRestarts: () => number;
  stop(): Promise<void>;
}

const deploy = path.join(projectFolder, 'deploy');

/**
 * A Temporal server on Postgres, set up by the scripts and the dynamic configuration that docker-compose.yml has in its
 * containers. The server is of the same version as theirs.
 */
export async function startCluster(): Promise<Cluster> {
  const { server, schemaTool, postgresFolder } = await findClusterPrograms();
  const stops = createStops();
  try {
    const folder = await mkdtemp(path.join(tmpdir(), 'answerback-cluster-'));
    stops.add(() => rm(folder, { recursive: true, force: true }));
    const postgres = await startPostgres(postgresFolder);
    stops.add(() => postgres.stop());
    const runScript = await scripts(path.join(folder, 'bin'), schemaTool);

    await runScript('temporal-schema.sh', {
      POSTGRES_SEEDS: '127.0.0.1',
      DB_PORT: String(postgres.port),
      POSTGRES_USER: postgres.user,
      POSTGRES_PWD: postgres.password,
    });
    const frontendPort = await configure(folder, postgres);
    let supervised = await superviseServer(server, folder);
    stops.add(() => supervised.stop());
    const address = `127.0.0.1:${frontendPort}`;
    await runScript('temporal-namespace.sh', { TEMPORAL_ADDRESS: address });
    const dumps = (into: string) =>
      ['temporal', 'temporal_visibility'].map((database) => [database, path.join(into, `${database}.dump`)] as const);
    return {
      address,
      async backUp(into) {
        for (const [database, file] of dumps(into))
          await postgres.run('pg_dump', '--format=custom', `--file=${file}`, database);
      },
      async restore(from) {
        await supervised.stop();
        const options = ['--clean', '--if-exists', '--create', '--dbname', 'postgres'];
        for (const [, file] of dumps(from)) await postgres.run('pg_restore', ...options, file);
        supervised = await superviseServer(server, folder);
      },
      restartPostgres: () => postgres.restart(),
      serverRestarts: () => supervised.crashes(),
      stop: stops.run,
    };
  } catch (error) {
    await stops.run();
    throw error;
  }
}

/**
 * Makes a folder with the programs of the admin-tools image, by the names that they have there, and runs scripts with
 * it.
 */
async function scripts(programs: string, schemaTool: string) {
  const env = process.env as Record<string, string>;
  const { PATH: searchPath = '' } = env;
  const temporal = await findTemporalProgram({
    log: silentLog,
    stopping: new AbortController().signal,
    searchPath,
    cacheFolder: defaultCacheFolder(env),
  });
  await mkdir(programs);
  await symlink(schemaTool, path.join(programs, 'temporal-sql-tool'));
  await symlink(temporal.path, path.join(programs, 'temporal'));
  return async (script: string, settings: Record<string, string>) => {
    await promisify(execFile)('sh', [path.join(deploy, script)], {
      env: { ...env, ...settings, PATH: `${programs}:${searchPath}` },
    });
  };
}

/** Writes the configuration of the server, and returns the port where the product connects. */
async function configure(folder: string, postgres: Postgres): Promise<number> {
  const ports = await freePortNumbers(12);
  const dynamicConfigFile = path.join(deploy, 'temporal-dynamic-config.yaml');
  await writeFile(path.join(folder, 'cluster.yaml'), serverConfig({ postgres, ports, dynamicConfigFile }));
  return ports[0] as number;
}
