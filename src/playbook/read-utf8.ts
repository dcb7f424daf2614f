import { readFile } from 'node:fs/promises';
import type { Mistake } from '../yaml/read.js';

/**
 * Reads a text file.
 *
 * @param todo what to do when the file can't be read
 * @throws the `Failure`, at the first line, when the file can't be read or isn't UTF-8
 */
export async function readUtf8(
  file: string,
  todo: string,
  Failure: new (file: string, mistakes: readonly Mistake[]) => Error,
): Promise<string> {
  const failure = (what: string) => new Failure(file, [{ line: 1, column: 1, what }]);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw failure(`the file can't be read (${(error as NodeJS.ErrnoException).code}): ${todo}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw failure('not UTF-8: save the file as UTF-8');
  }
}
