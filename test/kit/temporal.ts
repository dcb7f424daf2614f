import { mkdir } from 'node:fs/promises';
import type { NativeConnection } from '@temporalio/worker';
import { connectTemporal } from '../../src/temporal/connect.js';
import {
  defaultCacheFolder,
  findTemporalProgram,
  type TemporalProgram,
} from '../../src/temporal/dev-server/program.js';
import { type DevServer, type DevServerOptions, startDevServer } from '../../src/temporal/dev-server/server.js';
import { ensureNamespace } from '../../src/temporal/namespace.js';
import { prepareRuntime } from '../../src/temporal/runtime.js';
import { consoleLog, silentLog } from '../helpers/logs.js';
import { freePort } from './ports.js';

/** The Temporal program, found or fetched by the product's own code. */
export function temporalProgram(): Promise<TemporalProgram> {
  const env = process.env as Record<string, string>;
  return findTemporalProgram({
    log: consoleLog,
    stopping: new AbortController().signal,
    searchPath: env['PATH'] ?? '',
    cacheFolder: defaultCacheFolder(env),
  });
}

/** A real Temporal server on a database in `dataDir`, started by the product's own code. */
export async function startTemporal(
  dataDir: string,
  options: Partial<Pick<DevServerOptions, 'binary' | 'port' | 'uiPort' | 'maxRestarts' | 'log'>> = {},
): Promise<DevServer> {
  await mkdir(dataDir, { recursive: true });
  return startDevServer({
    binary: options.binary ?? (await temporalProgram()),
    port: await freePort(),
    uiPort: await freePort(),
    log: consoleLog,
    ...options,
    dataDir,
    stopping: new AbortController().signal,
    onExit: (error) => console.error(error),
  });
}

/** A connection to the `default` namespace, which the first one sets up: it must not be made beside another. */
export async function connectTo(address: string): Promise<NativeConnection> {
  quietRuntime();
  const { connection } = await connectTemporal({ connectionOptions: { address } }, { retryForMs: 30_000 });
  await ensureNamespace(connection, 'default');
  return connection;
}

let isPrepared = false;

/** Prepares the SDK's native part, once a process, without its log. */
export function quietRuntime(): void {
  if (isPrepared) return;
  isPrepared = true;
  // Short, since most of these workers have nothing to wait for.
  process.env['TEMPORAL_POLL_SHUTDOWN_INTERRUPT_WAIT_MS'] = '100';
  prepareRuntime(silentLog);
}
