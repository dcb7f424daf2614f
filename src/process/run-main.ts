import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopWaits } from '../domain/waiting.js';
import { errorLines } from './error-lines.js';
import { ConfigError, UsageError } from './errors.js';
import { checkPlatform } from './platform.js';

/** What a main function gets to start and stop its parts. */
export interface Lifecycle {
  env: Record<string, string>;
  /** Aborts on the first signal. */
  stopping: AbortSignal;
  /** Adds a step to the shutdown. Steps run one after the other in reverse order, also after a failed start. */
  onStop: (step: () => Promise<unknown>) => void;
  /** Reports a fatal error of a part, then stops everything and exits 1. */
  fail: (error: unknown) => void;
}

/** Two signals within this time count as one. */
const sameSignalMs = 500;

/**
 * Runs a process until SIGINT or SIGTERM, then stops it in order and exits 0. A second signal exits at once.
 * Exits 2 for invalid settings and 1 for any other error, and prints the error with what to do.
 */
export function runMain(start: (lifecycle: Lifecycle) => Promise<void>): void {
  // Files of Answerback hold texts and numbers: only this user may read them.
  process.umask(0o077);
  const steps: Array<() => Promise<unknown>> = [];
  const aborter = new AbortController();
  let stop: Promise<never> | undefined;

  const end = (exitCode: number) => (stop ??= stopInOrder(started, steps, exitCode));
  let signalledAtMs = 0;
  const onSignal = () => {
    // npm repeats a Ctrl-C: the signal arrives from the terminal and, a moment later, from npm.
    if (stop && performance.now() - signalledAtMs < sameSignalMs) return;
    if (stop) exitAtOnce();
    signalledAtMs = performance.now();
    aborter.abort();
    void end(0);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);

  const fail = (error: unknown) => {
    if (stop) return;
    reportError(error);
    aborter.abort();
    void end(exitCodeOf(error));
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  const started = Promise.resolve()
    .then(() => {
      checkPlatform(process.platform);
      return start({ env: readEnvironment(), stopping: aborter.signal, onStop: (step) => void steps.push(step), fail });
    })
    .catch((error: unknown) => {
      if (!aborter.signal.aborted) fail(error);
    });
}

/**
 * Runs a command to its end. Exits 0 on success, 2 for invalid settings or arguments and 1 for any other error, and
 * prints the error with what to do.
 */
export function runCommand(work: (env: Record<string, string>) => Promise<void>): void {
  process.umask(0o077);
  Promise.resolve()
    .then(() => {
      checkPlatform(process.platform);
      return work(readEnvironment());
    })
    .then(
      () => process.exit(0),
      (error: unknown) => {
        reportError(error);
        process.exit(exitCodeOf(error));
      },
    );
}

const exitCodeOf = (error: unknown) => (error instanceof ConfigError || error instanceof UsageError ? 2 : 1);

/**
 * The environment variables, and those of a `.env` in this folder that are not in the environment. Drops empty ones.
 */
function readEnvironment(): Record<string, string> {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

async function stopInOrder(
  started: Promise<void>,
  steps: ReadonlyArray<() => Promise<unknown>>,
  exitCode: number,
): Promise<never> {
  const deadline = setTimeout(exitAtOnce, stopWaits.processMs);
  const startedAtMs = performance.now();
  // Wait for a start that is still running, so that its parts are stopped too.
  await Promise.race([started, sleep(stopWaits.stepsMs)]);
  for (const step of [...steps].reverse()) {
    try {
      const timeLeft = Math.max(stopWaits.stepsMs - (performance.now() - startedAtMs), 1_000);
      if ((await Promise.race([step(), sleep(timeLeft, 'late')])) === 'late') exitCode ||= 1;
    } catch (error) {
      reportError(error);
      exitCode ||= 1;
    }
  }
  clearTimeout(deadline);
  process.exit(exitCode);
}

function exitAtOnce(): never {
  process.stderr.write(
    'Shutdown was cut short. A Temporal server may still run: the next start with this DATA_DIR uses it.\n',
  );
  process.exit(130);
}

function reportError(error: unknown): void {
  process.stderr.write(`${errorLines(error).join('\n')}\n`);
}
