import { execFile, spawn } from 'node:child_process';
import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Log } from '../log.js';
import { OperatorError } from '../process.js';

const run = promisify(execFile);

/** The last version that `go install` can build (later ones have a `replace` in their go.mod). */
const cliVersion = 'v1.5.1';

export interface TemporalBinary {
  path: string;
  /** Of the server inside, such as `1.29.1`. */
  serverVersion: string;
}

interface BinaryPlaces {
  /** The value of PATH. */
  searchPath: string;
  /** Where a downloaded or built binary is kept for the next start. */
  cacheFolder: string;
  log: Log;
}

export interface BinarySearch extends BinaryPlaces {
  stopping: AbortSignal;
  /** Shows that a download or a build goes on; default: a line in the log now and then. */
  showProgress?: ((label: string) => LongWork) | undefined;
}

/** Work of minutes, of which nobody knows how much is left. */
interface LongWork {
  /** What is being done now. */
  now(what: string): void;
  end(): void;
}

/** The cache of this user: XDG_CACHE_HOME where set, else the system's place. */
export function defaultCacheFolder(env: Record<string, string>): string {
  const systems = process.platform === 'darwin' ? path.join(homedir(), 'Library', 'Caches') : path.join(homedir(), '.cache');
  return path.join(env['XDG_CACHE_HOME'] ?? systems, 'answerback');
}

/**
 * Finds the `temporal` binary: on PATH, in our cache folder, by the SDK's download, by `go install`.
 *
 * @throws {OperatorError} saying how to help when none of the four works
 */
export async function findTemporalBinary(search: BinarySearch): Promise<TemporalBinary> {
  const { cacheFolder, stopping } = search;
  const there = await locateTemporalBinary(search);
  if (there) return there;
  await mkdir(cacheFolder, { recursive: true });
  const binary = (await download(search)) ?? (stopping.aborted ? undefined : await build(search));
  stopping.throwIfAborted();
  if (binary) return binary;
  throw new OperatorError(
    `No Temporal server could be found, downloaded or built. Put the Temporal CLI on PATH (https://docs.temporal.io/cli), ` +
      `or install Go and start again, or set TEMPORAL_ADDRESS to a server that runs.`,
  );
}

/** Looks on PATH and in our cache folder, and fetches nothing. */
export async function locateTemporalBinary({ searchPath, cacheFolder, log }: BinaryPlaces): Promise<TemporalBinary | undefined> {
  const candidates = [...searchPath.split(path.delimiter), cacheFolder].filter(Boolean).map((folder) => path.join(folder, 'temporal'));
  for (const candidate of [...candidates, ...(await downloaded(cacheFolder))]) {
    const found = await probe(candidate, log);
    if (found) return found;
  }
  return undefined;
}

async function probe(candidate: string, log: Log): Promise<TemporalBinary | undefined> {
  try {
    await access(candidate, constants.X_OK);
    const { stdout } = await run(candidate, ['--version'], { timeout: 10_000 });
    const serverVersion = /Server (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (serverVersion && isRecent(serverVersion)) return { path: candidate, serverVersion };
    log.warn({ event: 'temporal.binary-unfit' }, `${candidate} is not used: Answerback needs Temporal server 1.29 or newer`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOTDIR') log.warn({ event: 'temporal.binary-unfit' }, `${candidate} does not run`);
  }
  return undefined;
}

function isRecent(serverVersion: string): boolean {
  const [major = 0, minor = 0] = serverVersion.split('.').map(Number);
  return major > 1 || minor >= 29;
}

/** The SDK names what it downloads `temporal-cli-sdk-typescript-…`. */
async function downloaded(cacheFolder: string): Promise<string[]> {
  const names = await readdir(cacheFolder).catch(() => []);
  return names.filter((name) => name.startsWith('temporal-')).map((name) => path.join(cacheFolder, name));
}

/** The SDK downloads only as part of a start, so a server is started once and ended. */
async function download({ cacheFolder, log, stopping, showProgress = loggedBy(log, 'temporal.download') }: BinarySearch): Promise<TemporalBinary | undefined> {
  log.info({ event: 'temporal.download' }, `Downloading the Temporal server ${cliVersion}, once (about 50 MB) …`);
  const progress = showProgress('Downloading Temporal');
  try {
    const started = TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', version: cliVersion, downloadDir: cacheFolder, ttl: '3650d' } },
    });
    const environment = await Promise.race([started, aborted(stopping)]);
    await environment?.teardown();
    progress.end();
  } catch {
    progress.end();
    log.info({ event: 'temporal.download-failed' }, 'The download did not work here');
  }
  for (const candidate of await downloaded(cacheFolder)) {
    const found = await probe(candidate, log);
    if (found) return found;
  }
  return undefined;
}

/** The SDK's download cannot be ended; a stop does not wait for it. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function build({ searchPath, cacheFolder, log, stopping, showProgress = loggedBy(log, 'temporal.build') }: BinarySearch): Promise<TemporalBinary | undefined> {
  const go = spawn('go', ['install', '-v', `github.com/temporalio/cli/cmd/temporal@${cliVersion}`], {
    env: { ...process.env, PATH: searchPath, GOBIN: cacheFolder },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: stopping,
  });
  log.info({ event: 'temporal.build' }, `Building the Temporal server ${cliVersion} with Go, once (about 3 minutes) …`);
  const progress = showProgress('Building Temporal');
  let last = '';
  let lines = 0;
  createInterface({ input: go.stderr }).on('line', (line) => {
    last = line;
    progress.now(`${++lines} steps so far, now ${line}`);
  });
  const outcome = await new Promise<number | Error | null>((resolve) => go.once('error', resolve).once('close', resolve));
  progress.end();
  if (stopping.aborted) return undefined;
  if (outcome !== 0) {
    const missing = outcome instanceof Error && (outcome as NodeJS.ErrnoException).code === 'ENOENT';
    log.warn({ event: 'temporal.build-failed' }, missing ? 'Go is not installed here' : `go install failed: ${outcome instanceof Error ? outcome.message : last}`);
    return undefined;
  }
  return probe(path.join(cacheFolder, 'temporal'), log);
}

/** A line every 10 s, for a log that nobody watches move. */
function loggedBy(log: Log, event: string): (label: string) => LongWork {
  return (label) => {
    let what = '';
    const lines = setInterval(() => log.info({ event }, `… ${label}, still${what && `: ${what}`}`), 10_000);
    return { now: (text) => void (what = text), end: () => clearInterval(lines) };
  };
}
