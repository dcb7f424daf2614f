import { temporaryFolder } from './servers/folder.js';

/** What a benchmark has started and must end, whichever way it ends itself. */
export interface Scope {
  /** A folder on disk that goes with the scope. */
  folder: string;
  /** Steps run in reverse order. */
  onEnd(step: () => unknown): void;
}

/**
 * Runs `work` and ends all that it started, after an error and after Ctrl-C too.
 *
 * @param options.onInterrupt the first Ctrl-C only calls this, for work that can end early by itself
 */
export async function withScope(work: (scope: Scope) => Promise<void>, { onInterrupt }: { onInterrupt?: () => void } = {}): Promise<void> {
  const folder = await temporaryFolder();
  const steps: Array<() => unknown> = [() => folder.remove()];
  let ending: Promise<void> | undefined;
  const end = () =>
    (ending ??= (async () => {
      for (const step of steps.reverse()) await Promise.resolve(step()).catch((error: unknown) => console.error(error));
    })());
  let asked = false;
  const interrupt = () => {
    if (onInterrupt && !asked) onInterrupt();
    else void end().then(() => process.exit(130));
    asked = true;
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    await work({ folder: folder.path, onEnd: (step) => void steps.push(step) });
  } finally {
    await end();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

