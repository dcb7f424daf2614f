import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs `docker` and returns what it printed on stdout. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('docker', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

const succeeds = (...args: readonly string[]): Promise<boolean> =>
  docker(...args).then(
    () => true,
    () => false,
  );

export const imageExists = (image: string): Promise<boolean> => succeeds('image', 'inspect', image);

/** Downloads an image. Returns false when it can't be had. */
export const pullImage = (image: string): Promise<boolean> => succeeds('pull', '--quiet', image);
