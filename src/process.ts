import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from './config.js';

/** Something outside the program is wrong; the message says in one line what, and what to do. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  /** What is wrong; with what to do about it, where `todo` does not say that. */
  readonly found: string;
  readonly todo: string | undefined;

  constructor(found: string, todo?: string) {
    super(todo === undefined ? found : `${found}: ${todo}`);
    this.found = found;
    this.todo = todo;
  }
}

/** A command that cannot be understood; the message says what was wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a main gets to start its parts with. */
export interface Starting {
  env: Record<string, string>;
  /** Aborted by the first signal. */
  stopping: AbortSignal;
  /** Adds a step to the stop; the steps run in reverse order, each one waited for, also after a start that failed halfway. */
  onStop: (step: () => Promise<unknown>) => void;
  /** Stops everything with exit code 1, for a part that cannot go on. */
  fail: (error: unknown) => void;
}

/** Two signals this close are one. */
const sameSignalMs = 500;

/** A step that takes longer than the longest send is left behind, so that the steps after it still run. */
const stepDeadlineMs = 11_000;

/** The stop as a whole ends by then; a supervisor's kill would come later. */
const stopDeadlineMs = 14_500;

/**
 * Runs a main: starts it, and on SIGINT or SIGTERM stops it in order and exits 0; a second signal exits at once.
 * Settings that do not fit exit 2, anything else that goes wrong exits 1, with a line that says what to do.
 */
export function runMain(start: (starting: Starting) => Promise<void>): void {
  // What Answerback writes is for this user only: texts and numbers are in it.
  process.umask(0o077);
  const steps: Array<() => Promise<unknown>> = [];
  const aborter = new AbortController();
  let stop: Promise<never> | undefined;

  const end = (exitCode: number) => (stop ??= stopInOrder(started, steps, exitCode));
  let signalledAtMs = 0;
  const onSignal = () => {
    // A Ctrl-C under npm comes twice: from the terminal and, a moment later, from npm.
    if (stop && performance.now() - signalledAtMs < sameSignalMs) return;
    if (stop) endAtOnce();
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
    .then(() => start({ env: readEnvironment(), stopping: aborter.signal, onStop: (step) => void steps.push(step), fail }))
    .catch((error: unknown) => {
      if (!aborter.signal.aborted) fail(error);
    });
}

/**
 * Runs a command that ends by itself: exit code 0 when its work is done, 2 for settings that do not fit and for a command that
 * cannot be understood, 1 for anything else that goes wrong, with a line that says what to do.
 */
export function runCommand(work: (env: Record<string, string>) => Promise<void>): void {
  process.umask(0o077);
  Promise.resolve()
    .then(() => work(readEnvironment()))
    .then(
      () => process.exit(0),
      (error: unknown) => {
        reportError(error);
        process.exit(exitCodeOf(error));
      },
    );
}

const exitCodeOf = (error: unknown) => (error instanceof ConfigError || error instanceof UsageError ? 2 : 1);

/** The environment and, below it, a `.env` in this folder; an empty variable counts as not set. */
function readEnvironment(): Record<string, string> {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

async function stopInOrder(started: Promise<void>, steps: ReadonlyArray<() => Promise<unknown>>, exitCode: number): Promise<never> {
  const late = setTimeout(endAtOnce, stopDeadlineMs);
  const from = performance.now();
  // A start that is still under way first ends by itself, so that nothing it begins is left behind.
  await Promise.race([started, sleep(stepDeadlineMs)]);
  for (const step of [...steps].reverse()) {
    try {
      const timeLeft = Math.max(stepDeadlineMs - (performance.now() - from), 1_000);
      if ((await Promise.race([step(), sleep(timeLeft, 'late')])) === 'late') exitCode ||= 1;
    } catch (error) {
      reportError(error);
      exitCode ||= 1;
    }
  }
  clearTimeout(late);
  process.exit(exitCode);
}

function endAtOnce(): never {
  process.stderr.write('Ended in the middle of the stop. A Temporal server that still runs is used again by the next start on this DATA_DIR.\n');
  process.exit(130);
}

function reportError(error: unknown): void {
  const lines =
    error instanceof ConfigError
      ? ['Some settings need a correction:', ...error.problems.map((problem) => `  ${problem}`)]
      : [error instanceof Error ? error.message : String(error)];
  process.stderr.write(`${lines.join('\n')}\n`);
}
