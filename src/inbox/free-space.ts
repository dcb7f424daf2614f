import { statfs } from 'node:fs/promises';

/** With less free space, the api reports that it is not ready. */
const minFreeBytes = 64 * 1_048_576;

/** The free space on the disk of a folder. */
export interface FreeSpace {
  isEnough: () => boolean;
  /** As of the last check; undefined when the disk doesn't report it. */
  freeBytes: () => number | undefined;
  stop: () => void;
}

/** Checks the disk now and every second. Until the first check has ended, the space counts as enough. */
export function watchFreeSpace(folder: string): FreeSpace {
  let free: number | undefined = Infinity;
  let isChecking = false;
  function check(): void {
    // A disk that hangs must not take every thread of Node's pool.
    if (isChecking) return;
    isChecking = true;
    void statfs(folder)
      .then(
        ({ bavail, bsize }) => (free = bavail * bsize),
        () => (free = undefined),
      )
      .finally(() => (isChecking = false));
  }
  check();
  const timer = setInterval(check, 1_000);
  return {
    isEnough: () => free !== undefined && free >= minFreeBytes,
    freeBytes: () => (free === Infinity ? undefined : free),
    stop: () => clearInterval(timer),
  };
}
