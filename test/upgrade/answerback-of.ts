import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Release } from './release.js';

/** Runs the command `answerback` of a release, and returns what it prints. */
export async function answerbackOf(
  { folder }: Release,
  env: Record<string, string>,
  args: readonly string[],
): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli/main.js', ...args], {
    cwd: folder,
    env: { PATH, HOME, ...env },
  });
  return stdout;
}
