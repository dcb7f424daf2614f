import { type ChildProcess, spawn } from 'node:child_process';
import { open, readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.js';
import { OperatorError } from '../process.js';
import type { TemporalBinary } from './binary.js';
import { hasOldBacklog } from './old-backlog.js';
import { endProcess, findServer, forgetServer, isAlive, recordServer, type RecordedServer } from './server-record.js';

export interface ServerSettings {
  binary: TemporalBinary;
  dataDir: string;
  port: number;
  uiPort: number;
  /** Where the Web UI gets payloads decoded; default: nowhere. */
  codecEndpoint?: string | undefined;
  log: Log;
  stopping: AbortSignal;
  /** A server that ends more often in one run has a reason that starting it again does not mend; default 20. */
  mostRestarts?: number;
  /** Called when the server has ended by itself and cannot be started again. */
  onExit: (error: unknown) => void;
}

export interface TemporalServer {
  address: string;
  /** Ends the server cleanly and waits until it has closed its database. */
  stop(): Promise<void>;
}

const readyWithinMs = 30_000;

/**
 * Runs the embedded Temporal server on a database in `dataDir`, in a process group of its own so that Ctrl-C reaches
 * only us and the worker can drain first. A server that a killed run left behind is used again.
 *
 * @throws {OperatorError} for a taken port, a server of somebody else on this database, or one that does not start
 */
export async function startTemporalServer(settings: ServerSettings): Promise<TemporalServer> {
  const { dataDir, port, log } = settings;
  const left = await findServer(dataDir);
  let pid = (left && (await takeOver(left, settings))) ?? (await launch(settings));

  let stopping = false;
  let restarting: Promise<void> | undefined;
  let restarts = 0;
  async function restart(): Promise<void> {
    if (++restarts > (settings.mostRestarts ?? 20)) throw new OperatorError(`The Temporal server keeps ending by itself; its last words are in ${logFile(dataDir)}`);
    log.warn({ event: 'temporal.restarted' }, 'The Temporal server has ended by itself: starting it again');
    pid = await launch(settings);
  }
  const watch = setInterval(() => {
    if (stopping || restarting || isAlive(pid)) return;
    restarting = restart().then(() => void (restarting = undefined), settings.onExit);
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

/** Returns undefined for a server whose Web UI asks for payloads where nobody answers any more: that one is ended. */
async function takeOver(left: RecordedServer, { dataDir, port, uiPort, codecEndpoint, log, stopping }: ServerSettings): Promise<number | undefined> {
  if (left.port !== port || left.uiPort !== uiPort) {
    throw new OperatorError(
      `A Temporal server that an ended run left behind (process ${left.pid}, ports ${left.port} and ${left.uiPort}) holds ${dataDir}: ` +
        `end it with "kill ${left.pid}", or set TEMPORAL_PORT=${left.port} TEMPORAL_UI_PORT=${left.uiPort} to use it again`,
    );
  }
  if (left.codecEndpoint !== codecEndpoint) {
    await endProcess(left.pid);
    return undefined;
  }
  await answers(port, left.pid, dataDir, stopping);
  log.info({ event: 'temporal.reused' }, `Using the Temporal server that an ended run left behind (process ${left.pid})`);
  return left.pid;
}

async function launch({ binary, dataDir, port, uiPort, codecEndpoint, log, stopping }: ServerSettings): Promise<number> {
  const database = databaseFile(dataDir, binary);
  await refuseOtherDatabase(dataDir, database);
  await refuseTaken(port, 'TEMPORAL_PORT');
  await refuseTaken(uiPort, 'TEMPORAL_UI_PORT');
  const fair = !hasOldBacklog(database);
  if (!fair) log.info({ event: 'temporal.unfair' }, 'The Temporal server first hands out what waits from an older version; it takes senders in turn from the start after that');
  const output = await open(logFile(dataDir), 'w', 0o600);
  const child = spawn(binary.path, serverArguments(database, { port, uiPort, codecEndpoint, fair }), {
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  const pid = await spawned(child, binary.path);
  // Before it is ready, so that a kill of this process in between leaves no server without a name.
  await recordServer(dataDir, { pid, port, uiPort, codecEndpoint });
  child.unref();
  await output.close();
  try {
    await answers(port, pid, dataDir, stopping);
  } catch (error) {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    throw error;
  }
  return pid;
}

/** Named by the server's minor version, since a newer server does not migrate an older file. */
function databaseFile(dataDir: string, { serverVersion }: TemporalBinary): string {
  return path.join(dataDir, `temporal-${serverVersion.split('.').slice(0, 2).join('.')}.sqlite`);
}

/** The runs in another version's file would be forgotten: those that wait for ever, and those that tell a duplicate. */
async function refuseOtherDatabase(dataDir: string, database: string): Promise<void> {
  const others = (await readdir(dataDir)).filter((name) => /^temporal-.*\.sqlite$/.test(name) && path.join(dataDir, name) !== database);
  if (others.length === 0) return;
  throw new OperatorError(
    `${dataDir} holds the runs of another Temporal server (${others.join(', ')}), and this one would start ${path.basename(database)}: ` +
      `put that version first on PATH, or move the file away to begin anew`,
  );
}

function logFile(dataDir: string): string {
  return path.join(dataDir, 'temporal-server.log');
}

/**
 * WAL with synchronous=FULL: with NORMAL a power cut can roll the server back to before "activity started", and the
 * reply would go out twice. The rates are the server's own limits, too low by far for one machine. The cache keeps a run in memory
 * for an hour after its last use, about 40 KB each, and would hold 128,000 of them: gigabytes. A run that is not in it is read again.
 */
function serverArguments(database: string, { port, uiPort, codecEndpoint, fair }: Pick<ServerSettings, 'port' | 'uiPort' | 'codecEndpoint'> & { fair: boolean }): string[] {
  const pragmas = ['journal_mode=WAL', 'synchronous=FULL'];
  const dynamicConfig = [
    'system.enableActivityEagerExecution=true',
    'frontend.enableServerVersionCheck=false',
    'matching.rps=20000',
    'frontend.rps=20000',
    'frontend.namespaceRPS=20000',
    'history.rps=20000',
    'history.hostLevelCacheMaxSize=2000',
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
    `matching.enableFairness=${fair}`,
    // The older one removes what it has handed out when it is stopped, so that the next start finds it done.
    `matching.useNewMatcher=${fair}`,
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
    child.once('error', (error) => reject(new OperatorError(`${binary} does not start: ${error.message}`)));
  });
  return child.pid as number;
}

async function answers(port: number, pid: number, dataDir: string, stopping: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (!(await isListening(port))) {
    stopping.throwIfAborted();
    if (!isAlive(pid) || Date.now() > deadline) {
      const words = (await readFile(logFile(dataDir), 'utf8').catch(() => '')).trim().split('\n').at(-1) ?? '';
      throw new OperatorError(`The Temporal server did not start (see ${logFile(dataDir)}): ${words.slice(0, 300)}`);
    }
    await sleep(50);
  }
}

async function refuseTaken(port: number, variable: string): Promise<void> {
  if (await isListening(port)) throw new OperatorError(`Port ${port} is taken by another program: stop it, or set ${variable} to a free port`);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
