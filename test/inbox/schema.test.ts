import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { InboxUnusableError, openInboxFile } from '../../src/inbox/schema.js';
import { eventually } from '../helpers/eventually.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { type ChildProgram, dataFolder, startProgram } from '../helpers/product.js';

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
function openElsewhere(): ChildProgram {
  const script = `
    import { openInboxFile } from './dist/inbox/schema.js';
    try { openInboxFile(process.argv[1]); console.log('opened'); setInterval(() => {}, 1000); }
    catch (error) { console.log(error.name + ': ' + error.message); }`;
  const program = startProgram(process.execPath, ['--input-type=module', '--eval', script, folder.path], {});
  onTestFinished(() => void program.child.kill('SIGKILL'));
  return program;
}

test('nobody but the owner may read its files', async () => {
  const file = open();
  file.db.exec("INSERT INTO settings VALUES ('x', 'y')");
  const names = (await readdir(folder.path)).sort();
  expect(names).toEqual(['inbox.lock', 'inbox.sqlite', 'inbox.sqlite-shm', 'inbox.sqlite-wal']);
  for (const name of names) expect([name, ((await stat(path.join(folder.path, name))).mode & 0o777).toString(8)]).toEqual([name, '600']);
});

test('a commit goes to the log and is synced there', () => {
  const { db } = open();
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  expect(db.pragma('secure_delete', { simple: true })).toBe(1);
});

test('the key of the hashes is random, and stays', async () => {
  const first = openInboxFile(folder.path);
  const { hashKey } = first;
  first.close();
  expect(hashKey).toHaveLength(32);
  expect(open().hashKey).toEqual(hashKey);
  const other = await dataFolder();
  const elsewhere = openInboxFile(other.path);
  expect(elsewhere.hashKey).not.toEqual(hashKey);
  elsewhere.close();
  await other.remove();
});

test('a file of a newer version is refused and left alone', () => {
  openInboxFile(folder.path).close();
  const newer = new Database(path.join(folder.path, 'inbox.sqlite'));
  newer.pragma('user_version = 3');
  newer.close();
  expect(() => openInboxFile(folder.path)).toThrow(InboxUnusableError);
  expect(() => openInboxFile(folder.path)).toThrow(/inbox\.sqlite was made by a newer Answerback \(schema 3, this one knows 2\): start that version, or set DATA_DIR/);
  expect(queryInbox(folder.path, 'PRAGMA user_version')).toEqual([{ user_version: 3 }]);
});

test('a file that is no database is refused by name and left alone', async () => {
  await writeFile(path.join(folder.path, 'inbox.sqlite'), 'somebody’s notes, '.repeat(100));
  expect(() => openInboxFile(folder.path)).toThrow(InboxUnusableError);
  expect(() => openInboxFile(folder.path)).toThrow(new RegExp(`${folder.path} cannot be opened \\(file is not a database\\).*DATA_DIR`));
  expect((await stat(path.join(folder.path, 'inbox.sqlite'))).size).toBe(Buffer.byteLength('somebody’s notes, ') * 100);
});

describe('the one writer', () => {
  const refusal = () => `InboxUnusableError: Another Answerback writes the inbox in ${folder.path}: stop it, or set DATA_DIR to another folder`;

  test('keeps others of its own process away, and still those of other processes', async () => {
    open();
    for (let attempt = 1; attempt <= 2; attempt++) expect(() => openInboxFile(folder.path)).toThrow(InboxUnusableError);
    const other = openElsewhere();
    await other.exitCode;
    expect(other.output().trim()).toBe(refusal());
  });

  test('leaves the inbox to the next one when it closes', () => {
    openInboxFile(folder.path).close();
    expect(open().db.open).toBe(true);
  });

  test('leaves it also when opening went wrong', async () => {
    await writeFile(path.join(folder.path, 'inbox.sqlite'), 'somebody’s notes, '.repeat(100));
    expect(() => openInboxFile(folder.path)).toThrow('cannot be opened');
    await writeFile(path.join(folder.path, 'inbox.sqlite'), '');
    expect(open().db.open).toBe(true);
  });

  test('in another process keeps this one away until it is killed', async () => {
    const other = openElsewhere();
    await eventually(() => other.output().includes('opened'));
    expect(() => openInboxFile(folder.path)).toThrow(/^Another Answerback writes the inbox/);
    const ended = once(other.child, 'exit');
    other.child.kill('SIGKILL');
    await ended;
    expect(open().db.open).toBe(true);
  });

  test('lets others read meanwhile', () => {
    const { db } = open();
    const insert = db.prepare("INSERT INTO pending (guid, text_hash, message) VALUES ('a', x'00', '{}')");
    const rows = () => queryInbox(folder.path, 'SELECT * FROM pending').length;
    insert.run();
    expect(rows()).toBe(1);
    db.exec('BEGIN IMMEDIATE');
    insert.run();
    expect(rows()).toBe(1);
    db.exec('COMMIT');
    expect(rows()).toBe(2);
  });
});
