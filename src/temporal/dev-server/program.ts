import { execFile, spawn } from 'node:child_process';
import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Log } from '../../log/log.js';
import { OperatorError } from '../../process/errors.js';

const run = promisify(execFile);

/** The last version that `go install` can build (later ones have a `replace` in their go.mod). */
const cliVersion = 'v1.5.1';

export interface TemporalProgram {
  path: string;
  /** Version of the server in the program, such as `1.29.1`. */
  serverVersion: string;
}

interface BinaryPlaces {
  /** The value of PATH. */
  searchPath: string;
  /** Folder that keeps a downloaded or built binary for the next start. */
  cacheFolder: string;
  log: Log;
}

export interface BinarySearch extends BinaryPlaces {
  stopping: AbortSignal;
  /** Shows the progress of a download or a build. Default: a log line every 10 s. */
  showProgress?: ((label: string) => LongWork) | undefined;
}

/** Progress of work that takes minutes and whose length is unknown. */
interface LongWork {
  /** Shows the current step. */
  now(what: string): void;
  end(): void;
}

/** Returns our cache folder in XDG_CACHE_HOME if set, else in ~/Library/Caches (macOS) or ~/.cache. */
export function defaultCacheFolder(env: Record<string, string>): string {
  const systemCache =
    process.platform === 'darwin' ? path.join(homedir(), 'Library', 'Caches') : path.join(homedir(), '.cache');
  return path.join(env['XDG_CACHE_HOME'] ?? systemCache, 'answerback');
}

/**
 * Finds the `temporal` program. Tries PATH, our cache folder, the SDK's download, and `go install`, in this order.
 *
 * @throws {OperatorError} with the ways to provide one when all four fail
 */
export async function findTemporalProgram(search: BinarySearch): Promise<TemporalProgram> {
  const { cacheFolder, stopping } = search;
  const located = await locateTemporalProgram(search);
  if (located) return located;
  await mkdir(cacheFolder, { recursive: true });
  const binary = (await download(search)) ?? (stopping.aborted ? undefined : await build(search));
  stopping.throwIfAborted();
  if (binary) return binary;
  throw new OperatorError(
    `No Temporal server could be found, downloaded or built. ` +
      `Put the Temporal CLI on PATH (https://docs.temporal.io/cli), or install Go and start again, ` +
      `or set TEMPORAL_ADDRESS to a running server.`,
  );
}

/** Looks for the program on PATH and in our cache folder. It downloads nothing. */
export async function locateTemporalProgram({
  searchPath,
  cacheFolder,
  log,
}: BinaryPlaces): Promise<TemporalProgram | undefined> {
  const candidates = [...searchPath.split(path.delimiter), cacheFolder]
    .filter(Boolean)
    .map((folder) => path.join(folder, 'temporal'));
  for (const candidate of [...candidates, ...(await downloaded(cacheFolder))]) {
    const found = await probe(candidate, log);
    if (found) return found;
  }
  return undefined;
}

async function probe(candidate: string, log: Log): Promise<TemporalProgram | undefined> {
  try {
    await access(candidate, constants.X_OK);
    const { stdout } = await run(candidate, ['--version'], { timeout: 10_000 });
    const serverVersion = /Server (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (serverVersion && isRecent(serverVersion)) return { path: candidate, serverVersion };
    log.warn({ event: 'program.rejected' }, `${candidate} is not used: Answerback needs Temporal server 1.29 or newer`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOTDIR')
      log.warn({ event: 'program.rejected' }, `${candidate} is not used: it can't be run`);
  }
  return undefined;
}

function isRecent(serverVersion: string): boolean {
  const [major = 0, minor = 0] = serverVersion.split('.').map(Number);
  return major > 1 || minor >= 29;
}

/** Lists the programs that the SDK downloaded. It names them `temporal-cli-sdk-typescript-…`. */
async function downloaded(cacheFolder: string): Promise<string[]> {
  const names = await readdir(cacheFolder).catch(() => []);
  return names.filter((name) => name.startsWith('temporal-')).map((name) => path.join(cacheFolder, name));
}

/** Downloads the program. The SDK downloads only when it starts a server, so this starts one and stops it. */
async function download({
  cacheFolder,
  log,
  stopping,
  showProgress = loggedBy(log, 'download.continued'),
}: BinarySearch): Promise<TemporalProgram | undefined> {
  log.info({ event: 'download.started' }, `Downloading the Temporal server ${cliVersion}, once (about 50 MB) …`);
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
    log.info({ event: 'download.failed' }, 'The Temporal server could not be downloaded');
  }
  for (const candidate of await downloaded(cacheFolder)) {
    const found = await probe(candidate, log);
    if (found) return found;
  }
  return undefined;
}

/** Resolves when the signal aborts. The SDK's download can't be cancelled, so a stop doesn't wait for it. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function build({
  searchPath,
  cacheFolder,
  log,
  stopping,
  showProgress = loggedBy(log, 'build.continued'),
}: BinarySearch): Promise<TemporalProgram | undefined> {
  const go = spawn('go', ['install', '-v', `github.com/temporalio/cli/cmd/temporal@${cliVersion}`], {
    env: { ...process.env, PATH: searchPath, GOBIN: cacheFolder },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: stopping,
  });
  log.info({ event: 'build.started' }, `Building the Temporal server ${cliVersion} with Go, once (3 minutes) …`);
  const progress = showProgress('Building Temporal');
  let lastLine = '';
  let lineCount = 0;
  createInterface({ input: go.stderr }).on('line', (line) => {
    lastLine = line;
    progress.now(`${++lineCount} steps so far, now ${line}`);
  });
  const outcome = await new Promise<number | Error | null>((resolve) =>
    go.once('error', resolve).once('close', resolve),
  );
  progress.end();
  if (stopping.aborted) return undefined;
  if (outcome !== 0) {
    const reason = outcome instanceof Error ? outcome.message : lastLine;
    const goIsMissing = outcome instanceof Error && (outcome as NodeJS.ErrnoException).code === 'ENOENT';
    log.warn(
      { event: 'build.failed' },
      goIsMissing
        ? 'The Temporal server could not be built: Go is not installed'
        : `The Temporal server could not be built with go install: ${reason}`,
    );
    return undefined;
  }
  return probe(path.join(cacheFolder, 'temporal'), log);
}

/** Creates a progress display that logs a line every 10 s. */
function loggedBy(log: Log, event: 'download.continued' | 'build.continued'): (label: string) => LongWork {
  return (label) => {
    let step = '';
    const timer = setInterval(() => log.info({ event }, `${label} …${step && ` ${step}`}`), 10_000);
    return { now: (text) => void (step = text), end: () => clearInterval(timer) };
  };
}
