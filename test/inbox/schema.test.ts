import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { InboxUnusableError, openInboxFile } from '../../src/inbox/schema.js';
import { eventually } from '../kit/eventually.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { dataFolder } from '../kit/data-folder.js';
import { type Program, startProgram } from '../kit/program.js';

let folder: Awaited<ReturnType<typeof dataFolder>>;
beforeEach(async () => {
  folder = await dataFolder();
});
afterEach(() => folder.remove());

/** Opened until the test ends. */
function open() {
  const file = openInboxFile(folder.path);
  onTestFinished(() => file.close());
  return file;
}

/** Another process that opens the same inbox, says how that went, and stays. */
function openElsewhere(): Program {
  const script = `
    import { openInboxFile } from './dist/inbox/schema.js';
    // The handle is kept: the lock of one that is collected is free.
    try { const file = openInboxFile(process.argv[1]); console.log('opened'); setInterval(() => file.db.open, 1000); }
    catch (error) { console.log(error.name + ': ' + error.message); }`;
  const program = startProgram(process.execPath, ['--input-type=module', '--eval', script, folder.path], {});
  onTestFinished(() => void program.child.kill('SIGKILL'));
  return program;
}

it('only the owner may read its files', async () => {
  const file = open();
  file.db.exec("INSERT INTO settings VALUES ('x', 'y')");
  const names = (await readdir(folder.path)).sort();
  expect(names).toEqual(['inbox.lock', 'inbox.sqlite', 'inbox.sqlite-shm', 'inbox.sqlite-wal']);
  for (const name of names)
    expect([name, ((await stat(path.join(folder.path, name))).mode & 0o777).toString(8)]).toEqual([name, '600']);
});

it('a commit goes to the log and is synced there', () => {
  const { db } = open();
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  expect(db.pragma('secure_delete', { simple: true })).toBe(1);
  // Only macOS uses these: its fsync doesn't reach the disk.
  expect(db.pragma('fullfsync', { simple: true })).toBe(1);
  expect(db.pragma('checkpoint_fullfsync', { simple: true })).toBe(1);
});

it('the key of the digests is random, and is kept', async () => {
  const first = openInboxFile(folder.path);
  const { digestKey } = first;
  first.close();
  expect(digestKey).toHaveLength(32);
  expect(open().digestKey).toEqual(digestKey);
  const other = await dataFolder();
  const elsewhere = openInboxFile(other.path);
  expect(elsewhere.digestKey).not.toEqual(digestKey);
  elsewhere.close();
  await other.remove();
});

describe('a file of another version', () => {
  const version = () => queryInbox(folder.path, 'PRAGMA user_version');

  it('that is newer is refused and left alone', () => {
    openInboxFile(folder.path).close();
    const newer = new Database(path.join(folder.path, 'inbox.sqlite'));
    newer.pragma('user_version = 5');
    newer.close();
    expect(() => openInboxFile(folder.path)).toThrow(InboxUnusableError);
    expect(() => openInboxFile(folder.path)).toThrow(
      /inbox\.sqlite was created by a newer Answerback \(schema 5; this version supports 4\): start that version, or set DATA_DIR/,
    );
    expect(version()).toEqual([{ user_version: 5 }]);
  });

  /** As the version before made it, in what matters here. */
  function createOlder(insert = ''): void {
    const older = new Database(path.join(folder.path, 'inbox.sqlite'));
    older.pragma('journal_mode = WAL');
    older.exec(`
      CREATE TABLE ledger (guid TEXT PRIMARY KEY, seq INTEGER NOT NULL, text_hash BLOB NOT NULL, number_hash BLOB);
      CREATE TABLE pending (seq INTEGER PRIMARY KEY, guid TEXT NOT NULL, text_hash BLOB NOT NULL, message TEXT NOT NULL);
      INSERT INTO ledger VALUES ('forwarded', 1, x'00', NULL);
      ${insert};
      PRAGMA user_version = 2`);
    older.close();
  }

  it('that is older and in which messages wait is refused and left alone', () => {
    createOlder(`INSERT INTO pending VALUES (2, 'waits', x'00', '{}')`);
    expect(() => openInboxFile(folder.path)).toThrow(InboxUnusableError);
    expect(() => openInboxFile(folder.path)).toThrow(
      /Messages wait in .*inbox\.sqlite, which an older Answerback created \(schema 2; this version supports 4\): start that version, run "answerback drain", then start this version/,
    );
    expect(version()).toEqual([{ user_version: 2 }]);
    expect(queryInbox(folder.path, 'SELECT guid FROM pending')).toEqual([{ guid: 'waits' }]);
  });

  it('that is older and in which nothing waits is replaced', async () => {
    createOlder();
    expect(open().db.prepare('SELECT * FROM entries').all()).toEqual([]);
    expect(version()).toEqual([{ user_version: 4 }]);
    expect((await stat(path.join(folder.path, 'inbox.sqlite'))).mode & 0o777).toBe(0o600);
  });

  it('that lacks a column of the present one gets it', () => {
    openInboxFile(folder.path).close();
    const earlier = new Database(path.join(folder.path, 'inbox.sqlite'));
    earlier.exec('ALTER TABLE quarantine DROP COLUMN gateway');
    earlier.close();
    open();
    expect(queryInbox(folder.path, 'SELECT gateway FROM quarantine')).toEqual([]);
    expect(version()).toEqual([{ user_version: 4 }]);
  });

  it('of version 3 keeps what waits and what is quarantined', () => {
    const older = openInboxFile(folder.path);
    older.db.exec(`
      INSERT INTO entries VALUES (1, 0, 1, NULL, NULL, NULL, '{}');
      INSERT INTO quarantine (at, reason, count, digest, raw) VALUES (0, 'unreadable', 1, x'00', x'01');
      ALTER TABLE quarantine DROP COLUMN gateway;
      PRAGMA user_version = 3`);
    older.close();
    const reopened = open();
    expect(reopened.db.prepare('SELECT seq FROM entries').all()).toEqual([{ seq: 1 }]);
    expect(reopened.db.prepare('SELECT reason, gateway FROM quarantine').all()).toEqual([
      { reason: 'unreadable', gateway: null },
    ]);
    expect(version()).toEqual([{ user_version: 4 }]);
  });
});

it('a file that is not a database is refused by name and left alone', async () => {
  await writeFile(path.join(folder.path, 'inbox.sqlite'), 'not a database, '.repeat(100));
  expect(() => openInboxFile(folder.path)).toThrow(InboxUnusableError);
  expect(() => openInboxFile(folder.path)).toThrow(
    new RegExp(`${folder.path} can't be opened \\(file is not a database\\).*DATA_DIR`),
  );
  expect((await stat(path.join(folder.path, 'inbox.sqlite'))).size).toBe(Buffer.byteLength('not a database, ') * 100);
});

describe('the one writer', () => {
  const refusal = () =>
    `InboxUnusableError: The inbox in ${folder.path} is in use by another Answerback: stop it, or set DATA_DIR to another folder`;

  it('excludes others in its own process, and in other processes', async () => {
    open();
    for (let attempt = 1; attempt <= 2; attempt++) expect(() => openInboxFile(folder.path)).toThrow(InboxUnusableError);
    const other = openElsewhere();
    await other.exitCode;
    expect(other.output().trim()).toBe(refusal());
  });

  it('releases the inbox when it closes', () => {
    openInboxFile(folder.path).close();
    expect(open().db.open).toBe(true);
  });

  it('releases it when opening fails', async () => {
    await writeFile(path.join(folder.path, 'inbox.sqlite'), 'not a database, '.repeat(100));
    expect(() => openInboxFile(folder.path)).toThrow("can't be opened");
    await writeFile(path.join(folder.path, 'inbox.sqlite'), '');
    expect(open().db.open).toBe(true);
  });

  it('in another process excludes this one until it is killed', async () => {
    const other = openElsewhere();
    await eventually(() => other.output().includes('opened'));
    expect(() => openInboxFile(folder.path)).toThrow(/is in use by another Answerback/);
    const ended = once(other.child, 'exit');
    other.child.kill('SIGKILL');
    await ended;
    expect(open().db.open).toBe(true);
  });

  it('lets others read meanwhile', () => {
    const { db } = open();
    const insert = db.prepare("INSERT INTO entries (at, messages, body) VALUES (0, 1, '{}')");
    const rows = () => queryInbox(folder.path, 'SELECT * FROM entries').length;
    insert.run();
    expect(rows()).toBe(1);
    db.exec('BEGIN IMMEDIATE');
    insert.run();
    expect(rows()).toBe(1);
    db.exec('COMMIT');
    expect(rows()).toBe(2);
  });
});
