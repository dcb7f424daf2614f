import { type ChildProcess, spawn } from 'node:child_process';
import { open, readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log/log.js';
import { isServerFile, serverFile } from '../../process/data-files.js';
import { OperatorError } from '../../process/errors.js';
import { isAlive } from '../../process/is-alive.js';
import type { TemporalProgram } from './program.js';
import { endProcess, findDevServer, forgetServer, recordServer, type RecordedServer } from './record.js';

export interface DevServerOptions {
  binary: TemporalProgram;
  dataDir: string;
  port: number;
  uiPort: number;
  /** URL of the codec endpoint that the Web UI uses. Default: none. */
  codecEndpoint?: string | undefined;
  log: Log;
  stopping: AbortSignal;
  /** Maximum of restarts in one run: a server that ends more often has another problem. Default: 20. */
  maxRestarts?: number;
  /** Called when the server ended by itself and can't be restarted. */
  onExit: (error: unknown) => void;
}

export interface DevServer {
  address: string;
  /** Stops the server cleanly and waits until it has closed its database. */
  stop(): Promise<void>;
}

const readyWithinMs = 30_000;

/**
 * Starts the embedded Temporal server on a database in `dataDir`. It runs in its own process group, so that Ctrl-C
 * reaches only us and the worker can drain first. A server that a killed run left behind is used again.
 *
 * @throws {OperatorError} when a port is taken, another version's database is there, or the server doesn't start
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { dataDir, port, log } = options;
  const leftover = await findDevServer(dataDir);
  let pid = (leftover && (await takeOver(leftover, options))) ?? (await launch(options));

  let stopping = false;
  let restarting: Promise<void> | undefined;
  let restarts = 0;
  async function restart(): Promise<void> {
    if (++restarts > (options.maxRestarts ?? 20))
      throw new OperatorError(`The Temporal server keeps crashing: read its log, ${logFile(dataDir)}`);
    log.warn({ event: 'temporal.restarted' }, 'The Temporal server ended by itself: starting it again');
    pid = await launch(options);
  }
  const watch = setInterval(() => {
    if (stopping || restarting || isAlive(pid)) return;
    restarting = restart().then(() => void (restarting = undefined), options.onExit);
  }, 200);

  return {
    address: `127.0.0.1:${port}`,
    async stop() {
      stopping = true;
      clearInterval(watch);
      await restarting;
      await endProcess(pid);
      await forgetServer(dataDir);
      log.debug({ event: 'temporal.stopped' }, 'The Temporal server has stopped');
    },
  };
}

/** Reuses a leftover server. When its Web UI has an outdated codec endpoint, stops it and returns undefined. */
async function takeOver(
  leftover: RecordedServer,
  { dataDir, port, uiPort, codecEndpoint, log, stopping }: DevServerOptions,
): Promise<number | undefined> {
  if (leftover.port !== port || leftover.uiPort !== uiPort) {
    throw new OperatorError(
      `A Temporal server from an earlier run ` +
        `(process ${leftover.pid}, ports ${leftover.port} and ${leftover.uiPort}) still uses ${dataDir}: ` +
        `end it with "kill ${leftover.pid}", or ` +
        `set TEMPORAL_PORT=${leftover.port} TEMPORAL_UI_PORT=${leftover.uiPort} to use it again`,
    );
  }
  if (leftover.codecEndpoint !== codecEndpoint) {
    await endProcess(leftover.pid);
    return undefined;
  }
  await waitUntilReady(port, leftover.pid, dataDir, stopping);
  log.info({ event: 'temporal.reused' }, `Using the Temporal server from an earlier run (process ${leftover.pid})`);
  return leftover.pid;
}

async function launch({ binary, dataDir, port, uiPort, codecEndpoint, stopping }: DevServerOptions): Promise<number> {
  const database = serverFile(dataDir, binary.serverVersion);
  await refuseOtherDatabase(dataDir, database);
  await refuseTaken(port, 'TEMPORAL_PORT');
  await refuseTaken(uiPort, 'TEMPORAL_UI_PORT');
  const output = await open(logFile(dataDir), 'w', 0o600);
  const child = spawn(binary.path, serverArguments(database, { port, uiPort, codecEndpoint }), {
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  const pid = await spawned(child, binary.path);
  // Recorded before it is ready, so that the next start finds it when this process is killed in between.
  await recordServer(dataDir, { pid, port, uiPort, codecEndpoint });
  child.unref();
  await output.close();
  try {
    await waitUntilReady(port, pid, dataDir, stopping);
  } catch (error) {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    throw error;
  }
  return pid;
}

/** Refuses to start beside another version's file: its open runs would wait for ever, and duplicates would pass. */
async function refuseOtherDatabase(dataDir: string, database: string): Promise<void> {
  const others = (await readdir(dataDir)).filter((name) => isServerFile(name) && path.join(dataDir, name) !== database);
  if (others.length === 0) return;
  throw new OperatorError(
    `${dataDir} holds the runs of another Temporal server version (${others.join(', ')}), ` +
      `and this version would create ${path.basename(database)}: ` +
      `put that other version first on PATH, or move its file away to start with no runs`,
  );
}

function logFile(dataDir: string): string {
  return path.join(dataDir, 'temporal-server.log');
}

/**
 * Returns the arguments of the server.
 * - `synchronous=FULL`: with NORMAL a power cut can roll the server back to before "activity started", and the reply
 *   would go out twice.
 * - `fullfsync`: on macOS fsync alone doesn't reach the disk. Elsewhere it does nothing, so it is always set:
 *   https://www.sqlite.org/pragma.html#pragma_fullfsync
 * - `longPollExpirationInterval`: a worker that stops waits until its polls have ended, since a task that is handed to
 *   a poll at the moment of its cancellation is lost, and a lost send is uncertain. See `prepareRuntime`.
 * - The rates are the server's own limits. Their defaults are far too low for one machine.
 * - The cache keeps a run in memory for an hour after its last use, about 40 KB each. By default it would hold 128,000
 *   runs, which takes gigabytes. The server reads a run again when the cache doesn't have it.
 */
function serverArguments(
  database: string,
  { port, uiPort, codecEndpoint }: Pick<DevServerOptions, 'port' | 'uiPort' | 'codecEndpoint'>,
): string[] {
  const pragmas = ['journal_mode=WAL', 'synchronous=FULL', 'fullfsync=ON', 'checkpoint_fullfsync=ON'];
  const dynamicConfig = [
    'frontend.enableServerVersionCheck=false',
    'matching.rps=20000',
    'frontend.rps=20000',
    'frontend.namespaceRPS=20000',
    'history.rps=20000',
    'history.hostLevelCacheMaxSize=2000',
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
    'matching.longPollExpirationInterval="2s"',
    'matching.enableFairness=true',
    'matching.useNewMatcher=true',
  ];
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
    ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
    ...['--db-filename', database, '--log-level', 'warn'],
    ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
  ];
}

async function spawned(child: ChildProcess, binary: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new OperatorError(`${binary} can't be started: ${error.message}`)));
  });
  return child.pid as number;
}

async function waitUntilReady(port: number, pid: number, dataDir: string, stopping: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (!(await isListening(port))) {
    stopping.throwIfAborted();
    if (!isAlive(pid) || Date.now() > deadline) {
      const lastLine = (await readFile(logFile(dataDir), 'utf8').catch(() => '')).trim().split('\n').at(-1) ?? '';
      throw new OperatorError(
        `The Temporal server did not start (its log is ${logFile(dataDir)}): ${lastLine.slice(0, 300)}`,
      );
    }
    await sleep(50);
  }
}

async function refuseTaken(port: number, variable: string): Promise<void> {
  if (await isListening(port))
    throw new OperatorError(`Port ${port} is taken by another program: stop it, or set ${variable} to a free port`);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
