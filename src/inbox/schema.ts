import { randomBytes } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import { createPrivateFile, holdFile } from '../data-dir.js';

/** The inbox cannot be opened; the message says what to do. */
export class InboxUnusableError extends Error {
  override readonly name = 'InboxUnusableError';
}

const schemaVersion = 1;

/**
 * `pending`: what Temporal does not have yet; when its workflow exists, a row's GUID goes to the `ledger`, which knows the
 * last DEDUP_DAYS, and the rest is erased. `seen`: the GUIDs of both. `quarantine`: what was never accepted. `seq` is the time of acceptance in
 * microseconds, made unique: it orders the forwarder's work and tells the age of a row.
 */
const schema = `
  CREATE TABLE ledger (guid TEXT PRIMARY KEY, seq INTEGER NOT NULL, text_hash BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE pending (
    seq INTEGER PRIMARY KEY, guid TEXT NOT NULL, text_hash BLOB NOT NULL, message TEXT NOT NULL, retry_at INTEGER, stuck_reason TEXT
  );
  CREATE VIEW seen AS SELECT guid, seq, text_hash FROM ledger UNION SELECT guid, seq, text_hash FROM pending;
  CREATE INDEX stuck ON pending (retry_at) WHERE retry_at IS NOT NULL;
  CREATE TABLE quarantine (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL, raw BLOB NOT NULL);
  CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`;

export interface InboxFile {
  db: Database.Database;
  /** Keys the hashes of texts in the ledger, so that they say nothing without the file. */
  hashKey: Buffer;
  /** Ends the hold on the folder and closes the file. */
  close(): void;
}

/**
 * Opens the inbox of a data folder for its one writer; other programs may still read it.
 * WAL with synchronous=FULL: a commit that has returned survives a power cut.
 *
 * @param synchronous NORMAL only for the controls of the power-cut test, which must lose something
 * @throws {InboxUnusableError} when another process writes it, or a newer Answerback has made it
 */
export function openInboxFile(dataDir: string, synchronous: 'FULL' | 'NORMAL' = 'FULL'): InboxFile {
  const unlock = holdFile(path.join(dataDir, 'inbox.lock'));
  if (!unlock) throw new InboxUnusableError(`Another Answerback writes the inbox in ${dataDir}: stop it, or set DATA_DIR to another folder`);
  try {
    const file = path.join(dataDir, 'inbox.sqlite');
    // SQLite gives its -wal and -shm files the mode of the database.
    createPrivateFile(file);
    const db = new Database(file);
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${synchronous}`);
    // Zeroes what is deleted, for texts are.
    db.pragma('secure_delete = ON');
    // Checkpoints cost fsyncs: the writer makes them when nobody waits.
    db.pragma('wal_autocheckpoint = 0');
    prepare(db, file);
    return { db, hashKey: hashKeyOf(db), close: () => (db.close(), unlock()) };
  } catch (error) {
    unlock();
    if (error instanceof InboxUnusableError) throw error;
    throw new InboxUnusableError(`The inbox in ${dataDir} cannot be opened (${(error as Error).message}): set its file right, or set DATA_DIR to another folder`);
  }
}

function prepare(db: Database.Database, file: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > schemaVersion) {
    db.close();
    throw new InboxUnusableError(`${file} was made by a newer Answerback (schema ${version}, this one knows ${schemaVersion}): start that version, or set DATA_DIR to another folder`);
  }
  if (version === 0) db.transaction(() => db.exec(schema))();
}

function hashKeyOf(db: Database.Database): Buffer {
  db.prepare("INSERT OR IGNORE INTO settings VALUES ('hash_key', ?)").run(randomBytes(32));
  return (db.prepare("SELECT value FROM settings WHERE name = 'hash_key'").get() as { value: Buffer }).value;
}
