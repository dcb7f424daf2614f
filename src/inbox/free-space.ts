import { statfs } from 'node:fs/promises';

/** Below this much free space the api says that it is not ready. */
const leastFreeBytes = 64 * 1_048_576;

/** Looks at the disk of a folder every second. */
export function watchFreeSpace(folder: string): { isEnough(): boolean; stop(): void } {
  let enough = true;
  const look = setInterval(() => {
    statfs(folder).then(
      ({ bavail, bsize }) => void (enough = bavail * bsize >= leastFreeBytes),
      () => void (enough = false),
    );
  }, 1_000);
  return { isEnough: () => enough, stop: () => clearInterval(look) };
}
