import Database from 'better-sqlite3';
import { OperatorError } from './errors.js';

/**
 * Opens a SQLite database.
 *
 * @throws {OperatorError} when SQLite isn't compiled for this version of Node, and the error of SQLite otherwise
 */
export function openSqlite(file: string, options: Database.Options): Database.Database {
  try {
    return new Database(file, options);
  } catch (error) {
    throw isUncompiled(error as Error)
      ? new OperatorError(
          `SQLite is not compiled for Node ${process.version}`,
          'run "npm rebuild better-sqlite3"; with npx, add --allow-scripts=better-sqlite3',
        )
      : error;
  }
}

/** npm has not run the script of better-sqlite3, or has run it for another version of Node. */
export const isUncompiled = (error: Error): boolean =>
  error.message.startsWith('Could not locate the bindings file') ||
  (error as NodeJS.ErrnoException).code === 'ERR_DLOPEN_FAILED';
