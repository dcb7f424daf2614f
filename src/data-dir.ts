import { closeSync, existsSync, openSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { OperatorError } from './process.js';

/**
 * Makes the folder for everything that must survive a restart, readable by this user only, takes hold of it for this process,
 * and returns its full path.
 *
 * @throws {OperatorError} when it cannot be written, or another Answerback runs on it
 */
export async function prepareDataDir(dataDir: string): Promise<string> {
  const folder = path.resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(`The data folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}): set DATA_DIR to one that can`);
  }
  const release = holdFile(path.join(folder, 'answerback.lock'));
  if (!release) {
    throw new OperatorError(`Another Answerback runs on ${folder}: stop it, or set DATA_DIR to another folder`);
  }
  heldForLife.push(release);
  return folder;
}

/** A lock that nobody refers to is collected, and free. */
const heldForLife: Array<() => void> = [];

/**
 * Locks a file for as long as this process lives; the system frees it with the process, also after kill -9.
 * SQLite's lock, since Node has none of its own. Returns what frees it, or undefined when another process holds it.
 */
export function holdFile(file: string): (() => void) | undefined {
  createPrivateFile(file);
  const held = new Database(file, { timeout: 0 });
  try {
    held.pragma('journal_mode = MEMORY');
    held.exec('BEGIN EXCLUSIVE');
    return () => held.close();
  } catch (error) {
    held.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}

/** For this user only. Leaves a file alone that is there: closing it would end the locks that this process has on it. */
export function createPrivateFile(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}
