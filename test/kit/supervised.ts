import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from './program.js';

/** A program that is started again whenever it ends, as a service manager does. */
export interface Supervised {
  /** The one that runs; undefined while none does. */
  running: () => Program | undefined;
  /** Ends it by this signal, starts it again, and returns the exit code of the one that ended. */
  restart(signal?: NodeJS.Signals): Promise<number | null>;
  /** Starts a second one and then ends the first, as a rolling update does. Returns the exit code of the first. */
  roll(isReady: (next: Program) => Promise<unknown>): Promise<number | null>;
  /** How often it has ended by itself. */
  crashes: () => number;
  /** What all of them have printed. */
  output: () => string;
  /** Ends it for good, and returns its exit code; null when none ran. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface SupervisedOptions {
  restartAfterMs?: number;
  /** A program that ends by itself more often has a wrong configuration, and is left alone. */
  maxCrashes?: number;
  onCrash?: (ended: Program, exitCode: number | null) => void;
}

/** @param start starts one, and may wait until it is ready */
export async function supervise(
  start: () => Program | Promise<Program>,
  { restartAfterMs = 200, maxCrashes = Infinity, onCrash = () => {} }: SupervisedOptions = {},
): Promise<Supervised> {
  let program: Program | undefined;
  let earlier = '';
  let crashes = 0;
  let isStopping = false;

  // Changes run one after the other: a restart waits until the restart after a crash is done.
  let changing: Promise<unknown> = Promise.resolve();
  function oneByOne<Result>(change: () => Promise<Result>): Promise<Result> {
    const changed = changing.then(change);
    changing = changed.catch(() => undefined);
    return changed;
  }

  const isCurrent = (started: Program) => started === program && !isStopping;

  function watch(started: Program): Program {
    program = started;
    void started.exitCode.then(async (exitCode) => {
      if (!isCurrent(started)) return;
      crashes++;
      onCrash(started, exitCode);
      await sleep(restartAfterMs);
      await oneByOne(async () => {
        if (isCurrent(started) && crashes <= maxCrashes) await begin();
      }).catch((error: unknown) => console.error(error));
    });
    return started;
  }

  async function begin(): Promise<void> {
    if (program) earlier += program.output();
    program = undefined;
    watch(await start());
  }

  await begin();
  return {
    running: () => (program?.hasEnded() ? undefined : program),
    restart: (signal = 'SIGTERM') =>
      oneByOne(async () => {
        const old = program;
        program = undefined;
        const exitCode = (await old?.stop(signal)) ?? null;
        earlier += old?.output() ?? '';
        await begin();
        return exitCode;
      }),
    roll: (isReady) =>
      oneByOne(async () => {
        const old = program;
        const next = await start();
        await isReady(next);
        earlier += old?.output() ?? '';
        watch(next);
        return (await old?.stop()) ?? null;
      }),
    crashes: () => crashes,
    output: () => earlier + (program?.output() ?? ''),
    async stop(signal = 'SIGTERM') {
      isStopping = true;
      await changing;
      return (await program?.stop(signal)) ?? null;
    },
  };
}
