import { randomBytes } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import { createPrivateFile, holdFile } from '../data-dir.js';
import { createKeyring, type Keyring, type Sealed } from '../keyring.js';

/** The inbox cannot be opened; the message says what to do. */
export class InboxUnusableError extends Error {
  override readonly name = 'InboxUnusableError';
}

const schemaVersion = 2;

/**
 * `pending`: what Temporal does not have yet; when its workflow exists, a row's GUID goes to the `ledger`, which knows the
 * last DEDUP_DAYS, and the rest is erased. `seen`: the GUIDs of both. `quarantine`: what was never accepted. `seq` is the time of acceptance in
 * microseconds, made unique: it orders the forwarder's work and tells the age of a row. A sealed message is a line
 * of a sheet, and `key_id` names the key; what has neither is plain. `number_hash` finds what is to be erased with a number.
 */
const schema = `
  CREATE TABLE ledger (guid TEXT PRIMARY KEY, seq INTEGER NOT NULL, text_hash BLOB NOT NULL, number_hash BLOB) WITHOUT ROWID;
  CREATE TABLE pending (
    seq INTEGER PRIMARY KEY, guid TEXT NOT NULL, text_hash BLOB NOT NULL, message TEXT NOT NULL, retry_at INTEGER, stuck_reason TEXT, sheet INTEGER, line INTEGER
  );
  CREATE TABLE sheets (id INTEGER PRIMARY KEY, key_id TEXT NOT NULL, bytes BLOB NOT NULL);
  CREATE VIEW seen AS SELECT guid, seq, text_hash FROM ledger UNION SELECT guid, seq, text_hash FROM pending;
  CREATE INDEX stuck ON pending (retry_at) WHERE retry_at IS NOT NULL;
  CREATE TABLE quarantine (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL, raw BLOB NOT NULL, key_id TEXT);
  CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`;

/** From version 1, which knew no keys and erased nothing. */
const fromVersion1 = `
  ALTER TABLE ledger ADD COLUMN number_hash BLOB;
  ALTER TABLE pending ADD COLUMN sheet INTEGER;
  ALTER TABLE pending ADD COLUMN line INTEGER;
  CREATE TABLE sheets (id INTEGER PRIMARY KEY, key_id TEXT NOT NULL, bytes BLOB NOT NULL);
  ALTER TABLE quarantine ADD COLUMN key_id TEXT;
  PRAGMA user_version = ${schemaVersion};
`;

export interface InboxFile {
  db: Database.Database;
  /** Seals what is kept of texts and numbers. */
  keyring: Keyring;
  /** Keys the hashes of texts and numbers in the ledger, so that they say nothing without the file, or without the key that seals it. */
  hashKey: Buffer;
  /** Ends the hold on the folder and closes the file. */
  close(): void;
}

/**
 * Opens the inbox of a data folder for its one writer; other programs may still read it.
 * WAL with synchronous=FULL: a commit that has returned survives a power cut.
 *
 * @param options.synchronous NORMAL only for the controls of the power-cut test, which must lose something
 * @throws {InboxUnusableError} when another process writes it, a newer Answerback has made it, or PAYLOAD_KEYS lacks its key
 */
export function openInboxFile(dataDir: string, { synchronous = 'FULL', keyring = createKeyring([]) }: { synchronous?: 'FULL' | 'NORMAL'; keyring?: Keyring } = {}): InboxFile {
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
    return { db, keyring, hashKey: hashKeyOf(db, keyring, file), close: () => (db.close(), unlock()) };
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
  if (version === 1) db.transaction(() => db.exec(fromVersion1))();
}

/** Made once. It is sealed by the first key of the ring, anew when that is another one. */
function hashKeyOf(db: Database.Database, keyring: Keyring, file: string): Buffer {
  const read = db.prepare('SELECT value FROM settings WHERE name = ?').pluck();
  const write = db.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)');
  const value = read.get('hash_key') as Buffer | undefined;
  const keyId = read.get('hash_key_id') as string | undefined;
  const hashKey = value && keyId !== undefined ? openHashKey({ keyId, bytes: value }, keyring, file) : (value ?? randomBytes(32));
  const sealed = keyring.seals ? keyring.seal(hashKey, 'inbox-hash-key') : undefined;
  if (!value || keyId !== sealed?.keyId) {
    db.transaction(() => {
      write.run('hash_key', sealed?.bytes ?? hashKey);
      if (sealed) write.run('hash_key_id', sealed.keyId);
    })();
  }
  return hashKey;
}

function openHashKey(sealed: Sealed, keyring: Keyring, file: string): Buffer {
  try {
    return keyring.open(sealed, 'inbox-hash-key');
  } catch (error) {
    throw new InboxUnusableError(`${file} cannot be read with these PAYLOAD_KEYS. ${(error as Error).message}`);
  }
}
