import { closeSync, existsSync, openSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from './errors.js';
import { openSqlite } from './open-sqlite.js';

/**
 * Creates the data folder, which holds everything that must survive a restart, and locks it for this process.
 * Only this user can read it.
 *
 * @returns its absolute path
 * @throws {OperatorError} when the folder is not writable, or another Answerback runs on it
 */
export async function prepareDataFolder(dataDir: string): Promise<string> {
  const folder = path.resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(
      `The data folder ${folder} is not writable (${(error as NodeJS.ErrnoException).code}): ` +
        'set DATA_DIR to a writable folder',
    );
  }
  const release = holdFile(path.join(folder, 'answerback.lock'));
  if (!release) {
    throw new OperatorError(`Another Answerback runs on ${folder}: stop it, or set DATA_DIR to another folder`);
  }
  heldForLife.push(release);
  return folder;
}

/** Keeps a reference to each lock: garbage collection would release it. */
const heldForLife: Array<() => void> = [];

/**
 * Locks a file while this process lives. The system releases the lock when the process ends, even after kill -9.
 * Uses SQLite's lock, because Node has no file locks.
 *
 * @returns a function that releases the lock, or undefined when another process holds it
 */
export function holdFile(file: string): (() => void) | undefined {
  createPrivateFile(file);
  const database = openSqlite(file, { timeout: 0 });
  try {
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}

/**
 * Creates a file for this user only. Does not open an existing file: closing it would release this process's locks on
 * it.
 */
export function createPrivateFile(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}
