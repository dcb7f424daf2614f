import path from 'node:path';
import Database from 'better-sqlite3';

/** What the inbox of a data folder holds, as a tool sees it: the api may run or have been killed. */
export function readInbox(dataDir: string): { guids: Set<string>; pending: string[] } {
  const db = new Database(path.join(dataDir, 'inbox.sqlite'), { readonly: true });
  try {
    const guids = db.prepare('SELECT guid FROM seen').pluck().all() as string[];
    const pending = db.prepare('SELECT guid FROM pending ORDER BY seq').pluck().all() as string[];
    return { guids: new Set(guids), pending };
  } finally {
    db.close();
  }
}
