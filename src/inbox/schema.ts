import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { inboxFile } from '../process/data-files.js';
import { createPrivateFile, holdFile } from '../process/data-folder.js';
import { createKeyring, type Keyring, UnreadableError } from '../secrets/keyring.js';

/** The inbox can't be opened or is broken; the message says what to do. */
export class InboxUnusableError extends Error {
  override readonly name = 'InboxUnusableError';
}

/**
 * Raise it only when an earlier api would lose or misread what the file has: it refuses a file of a higher version, so
 * operators must drain to go back. What only adds, such as a column, leaves it as it is.
 */
const schemaVersion = 4;

/** The lowest version that is brought up to the present one with what waits in it. */
const lowestVersion = 3;

/**
 * Columns that came after the tables. An api adds those that its file lacks. SQLite takes only a column that may be
 * NULL or has a default, so an earlier api, which doesn't know it, still writes the table.
 */
const addedColumns = [{ table: 'quarantine', name: 'gateway', definition: 'TEXT' }];

/**
 * The tables:
 *
 * - `entries`: what each post brought and Temporal doesn't have yet, in order of `seq`. `body` has the messages and
 *   receipts, one line of JSON each, and `messages` counts both; with a `key_id` it is sealed. An entry with `retry_at`
 *   is stuck.
 * - `quarantine`: posts and messages that were never accepted. The same bytes again only raise `count`; `digest`
 *   finds them.
 *
 * `body` and `raw` come after the columns that lists need, so that SQLite reads those without them. A statement that
 * inserts names its columns, because a later api may have added some.
 */
const tables = `
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, messages INTEGER NOT NULL,
    retry_at INTEGER, stuck_reason TEXT, key_id TEXT, body BLOB NOT NULL
  );
  CREATE INDEX stuck ON entries (retry_at) WHERE retry_at IS NOT NULL;
  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
    digest BLOB NOT NULL UNIQUE, key_id TEXT, raw BLOB NOT NULL
  );
  CREATE INDEX quarantine_by_reason ON quarantine (reason);
  CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
`;

export interface InboxFile {
  db: Database.Database;
  /** Seals texts and numbers. */
  keyring: Keyring;
  /** The key of the digests in the quarantine. It is stored in the file, sealed when there are PAYLOAD_KEYS. */
  digestKey: Buffer;
  /** Closes the file and releases the lock on the folder. */
  close(): void;
}

/**
 * Opens the inbox of a data folder for its only writer; other programs may read it at the same time. With WAL and
 * synchronous=FULL, a commit that has returned survives a power cut.
 *
 * @param options.synchronous NORMAL is only for the power-cut test, whose control must lose messages
 * @throws {InboxUnusableError} when another process writes it, another version's messages wait in it, or PAYLOAD_KEYS
 * lacks its key
 */
export function openInboxFile(
  dataDir: string,
  { synchronous = 'FULL', keyring = createKeyring([]) }: { synchronous?: 'FULL' | 'NORMAL'; keyring?: Keyring } = {},
): InboxFile {
  const unlock = holdFile(path.join(dataDir, 'inbox.lock'));
  if (!unlock)
    throw new InboxUnusableError(
      `The inbox in ${dataDir} is in use by another Answerback: stop it, or set DATA_DIR to another folder`,
    );
  try {
    const file = inboxFile(dataDir);
    const db = openDatabase(file, synchronous);
    return { db, keyring, digestKey: digestKeyOf(db, keyring, file), close: () => (db.close(), unlock()) };
  } catch (error) {
    unlock();
    if (error instanceof InboxUnusableError) throw error;
    throw new InboxUnusableError(
      `The inbox in ${dataDir} can't be opened (${(error as Error).message}): ` +
        'repair its file, or set DATA_DIR to another folder',
    );
  }
}

function openDatabase(file: string, synchronous: 'FULL' | 'NORMAL'): Database.Database {
  // SQLite gives its -wal and -shm files the mode of the database.
  createPrivateFile(file);
  const db = new Database(file);
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > schemaVersion || (version > 0 && version < lowestVersion)) {
    refuseOtherVersion(db, version, file);
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    return openDatabase(file, synchronous);
  }
  db.transaction(() => bringUpToDate(db, version))();
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${synchronous}`);
  // On macOS fsync doesn't reach the disk; F_FULLFSYNC does. Elsewhere these pragmas do nothing, so they are always
  // set.
  // https://www.sqlite.org/pragma.html#pragma_fullfsync
  db.pragma('fullfsync = ON');
  db.pragma('checkpoint_fullfsync = ON');
  // Overwrite deleted rows with zeros: they hold message texts.
  db.pragma('secure_delete = ON');
  // The thread makes checkpoints itself, after it has responded.
  db.pragma('wal_autocheckpoint = 0');
  return db;
}

/** Creates the tables in a new file, and adds what an earlier api has left out. Writes nothing where nothing lacks. */
function bringUpToDate(db: Database.Database, version: number): void {
  if (version === 0) db.exec(tables);
  const isThere = db.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?');
  for (const { table, name, definition } of addedColumns)
    if (!isThere.get(table, name)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${definition}`);
  if (version !== schemaVersion) db.pragma(`user_version = ${schemaVersion}`);
}

/** Closes a file of another version; returns only when the file may be replaced, since nothing waits in it. */
function refuseOtherVersion(db: Database.Database, version: number, file: string): void {
  const isNewer = version > schemaVersion;
  const waits = !isNewer && db.prepare('SELECT 1 FROM pending LIMIT 1').get() !== undefined;
  db.close();
  if (isNewer)
    throw new InboxUnusableError(
      `${file} was created by a newer Answerback (schema ${version}; this version supports ${schemaVersion}): ` +
        'start that version, or set DATA_DIR to another folder',
    );
  if (waits)
    throw new InboxUnusableError(
      `Messages wait in ${file}, which an older Answerback created (schema ${version}; this version supports ` +
        `${schemaVersion}): start that version, run "answerback drain", then start this version`,
    );
}

/**
 * Returns the digest key; creates it on first use. It is sealed with the first key, and sealed again when that key
 * changes. So a process without the right PAYLOAD_KEYS doesn't open the inbox.
 */
function digestKeyOf(db: Database.Database, keyring: Keyring, file: string): Buffer {
  const read = db.prepare('SELECT value FROM settings WHERE name = ?').pluck();
  const write = db.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  const bytes = read.get('digest_key') as Buffer | undefined;
  const keyId = read.get('digest_key_id') as string | undefined;
  try {
    const key = bytes && keyId !== undefined ? keyring.open({ keyId, bytes }, 'inbox-digest-key') : bytes;
    const digestKey = key ?? randomBytes(32);
    const sealed = keyring.seals ? keyring.seal(digestKey, 'inbox-digest-key') : undefined;
    if (!bytes || keyId !== sealed?.keyId)
      db.transaction(() => {
        write.run('digest_key', sealed?.bytes ?? digestKey);
        if (sealed) write.run('digest_key_id', sealed.keyId);
      })();
    return digestKey;
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw new InboxUnusableError(`${file} can't be read with these PAYLOAD_KEYS. ${error.message}`);
  }
}
