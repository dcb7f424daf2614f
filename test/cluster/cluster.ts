import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheFolder, findTemporalProgram } from '../../src/temporal/dev-server/program.js';
import { silentLog } from '../helpers/logs.js';
import { projectFolder } from '../kit/program.js';
import { freePortNumbers } from '../kit/ports.js';
import { findClusterPrograms } from './cluster-programs.js';
import { type Postgres, startPostgres } from './postgres.js';
import { superviseServer } from './server.js';
import { serverConfig } from './server-config.js';

export interface Cluster {
  address: string;
  restartPostgres(): Promise<void>;
  /** How often the server had ended and was started again. */
  serverRestarts: () => number;
  stop(): Promise<void>;
}

const deploy = path.join(projectFolder, 'deploy');

/**
 * A Temporal server on Postgres, set up by the scripts and the dynamic configuration that docker-compose.yml has in its
 * containers. The server itself is older than theirs: 1.29.1 here, 1.32.0 there.
 */
export async function startCluster(): Promise<Cluster> {
  const { server, schemaTool, postgresFolder } = await findClusterPrograms();
  const stops: Array<() => Promise<unknown>> = [];
  const stop = async () => {
    const failures: unknown[] = [];
    for (const step of stops.splice(0).reverse()) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'the cluster did not stop in good order');
  };
  try {
    const folder = await mkdtemp(path.join(tmpdir(), 'answerback-cluster-'));
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const postgres = await startPostgres(postgresFolder);
    stops.push(() => postgres.stop());
    const runScript = await scripts(path.join(folder, 'bin'), schemaTool);

    await runScript('temporal-schema.sh', {
      POSTGRES_SEEDS: '127.0.0.1',
      DB_PORT: String(postgres.port),
      POSTGRES_USER: postgres.user,
      POSTGRES_PWD: postgres.password,
    });
    const frontendPort = await configure(folder, postgres);
    const supervised = await superviseServer(server, folder);
    stops.push(() => supervised.stop());
    const address = `127.0.0.1:${frontendPort}`;
    await runScript('temporal-namespace.sh', { TEMPORAL_ADDRESS: address });
    return { address, restartPostgres: () => postgres.restart(), serverRestarts: supervised.crashes, stop };
  } catch (error) {
    await stop();
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
