import { statfs } from 'node:fs/promises';

/** Below this much free space the api says that it is not ready. */
const leastFreeBytes = 64 * 1_048_576;

/** The free space on the disk of a folder. */
export interface FreeSpace {
  isEnough: () => boolean;
  /** As of the last look; undefined when the disk does not say. */
  freeBytes: () => number | undefined;
  stop: () => void;
}

/** Looks at the disk now and every second; until the first look has ended there is enough. */
export function watchFreeSpace(folder: string): FreeSpace {
  let free: number | undefined = Infinity;
  const look = () =>
    void statfs(folder).then(
      ({ bavail, bsize }) => (free = bavail * bsize),
      () => (free = undefined),
    );
  look();
  const looks = setInterval(look, 1_000);
  return {
    isEnough: () => free !== undefined && free >= leastFreeBytes,
    freeBytes: () => (free === Infinity ? undefined : free),
    stop: () => clearInterval(looks),
  };
}
