import type Database from 'better-sqlite3';
import { createPrivateFile } from './data-folder.js';
import { OperatorError } from './errors.js';
import { openSqlite } from './open-sqlite.js';

/**
 * Copies a SQLite database that another process may be writing: the copy is the state of one moment, and only for its
 * owner.
 *
 * @throws {OperatorError} when it can't be copied
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  let db: Database.Database | undefined;
  try {
    createPrivateFile(to);
    db = openSqlite(from, { readonly: true, fileMustExist: true });
    // All pages in one step: otherwise each write of the other process begins the copy again.
    await db.backup(to, { progress: () => 0x7fffffff });
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`${from} can't be copied to ${to} (${(error as Error).message})`, 'check both disks');
  } finally {
    db?.close();
  }
}
