import { folderOnDisk } from './servers/folder.js';

/** Collects what a benchmark must end, however the benchmark itself ends. */
export interface Scope {
  /** A folder on disk that is removed at the end. */
  folder: string;
  /** Registers a step for the end. The steps run in reverse order. */
  onEnd(step: () => unknown): void;
}

/**
 * Runs `work` and then its registered steps, also after an error or Ctrl-C, and returns the result of `work`.
 *
 * @param options.onInterrupt the first Ctrl-C only calls this, for work that can end early
 */
export async function withScope<Result>(
  work: (scope: Scope) => Promise<Result>,
  { onInterrupt }: { onInterrupt?: () => void } = {},
): Promise<Result> {
  const folder = await folderOnDisk();
  const steps: Array<() => unknown> = [() => folder.remove()];
  let ending: Promise<void> | undefined;
  const end = () =>
    (ending ??= (async () => {
      for (const step of steps.reverse()) await Promise.resolve(step()).catch((error: unknown) => console.error(error));
    })());
  let isInterrupted = false;
  const interrupt = () => {
    if (onInterrupt && !isInterrupted) onInterrupt();
    else void end().then(() => process.exit(130));
    isInterrupted = true;
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work({ folder: folder.path, onEnd: (step) => void steps.push(step) });
  } finally {
    await end();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
