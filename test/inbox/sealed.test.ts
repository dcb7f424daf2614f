import { readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInboxDatabase, type InboxDatabase } from '../../src/inbox/database.js';
import { eraseAll } from '../../src/inbox/erasure.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import { createKeyring, type PayloadKey } from '../../src/keyring.js';
import { aChange } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../helpers/product.js';

const k1: PayloadKey = { id: 'k1', key: Buffer.alloc(32, 1) };
const k2: PayloadKey = { id: 'k2', key: Buffer.alloc(32, 2) };
const wrong: PayloadKey = { id: 'k1', key: Buffer.alloc(32, 9) };

let folder: { path: string; remove: () => Promise<void> };
let file: InboxFile | undefined;
beforeEach(async () => {
  folder = await dataFolder();
});
afterEach(async () => {
  file?.close();
  file = undefined;
  await folder.remove();
});

function open(...keys: PayloadKey[]): InboxDatabase {
  file?.close();
  file = undefined;
  file = openInboxFile(folder.path, { keyring: createKeyring(keys) });
  return createInboxDatabase(file);
}

const bytesOnDisk = () => ['inbox.sqlite', 'inbox.sqlite-wal'].map((name) => readFileSync(path.join(folder.path, name), 'latin1')).join();
const textsIn = (inbox: InboxDatabase) => inbox.pending(0, 10).map(({ message, unreadable }) => unreadable ?? (JSON.parse(message) as { text: string }).text);

const message = aMessage({ guid: 'a', text: 'a text of somebody', number: '+15550009876' });
const change = aChange([message], { quarantined: [{ reason: 'not JSON', raw: '{"message":"words that were refused' }] });

test('with a key neither a text nor a number can be found in the file', () => {
  const inbox = open(k1);
  inbox.commit(change);
  inbox.commit(aChange([{ ...message, text: 'another text of somebody' }]));
  expect(bytesOnDisk()).not.toMatch(/somebody|5550009876|refused/);
  expect(textsIn(inbox)).toEqual(['a text of somebody']);
  inbox.checkpoint();
  expect(bytesOnDisk()).not.toMatch(/somebody|5550009876|refused/);
});

test('what came before there was a key is read as it is, and a turned key reads what the old one sealed', () => {
  open().commit(aChange([message]));
  open(k1).commit(aChange([aMessage({ guid: 'b', text: 'second' })]));
  const inbox = open(k2, k1);
  inbox.commit(aChange([aMessage({ guid: 'c', text: 'third' })]));
  expect(textsIn(inbox)).toEqual(['a text of somebody', 'second', 'third']);
  expect(queryInbox(folder.path, 'SELECT key_id FROM pending LEFT JOIN sheets ON sheets.id = sheet ORDER BY seq')).toEqual([{ key_id: null }, { key_id: 'k1' }, { key_id: 'k2' }]);
  // The hash of a text is the same under every key: a redelivery is a redelivery.
  expect(inbox.commit(aChange([message]))).toEqual({ fresh: 0, conflicts: [] });
});

describe('a row whose key is missing', () => {
  test('is given with its reason, and opens again once the key is back', () => {
    open(k1).commit(aChange([message]));
    // The hash key has gone over to k2 by then, so that the file opens without k1.
    open(k2, k1);
    expect(textsIn(open(k2))).toEqual([expect.stringMatching(/sealed with the key "k1", which is not in PAYLOAD_KEYS/)]);
    expect(textsIn(open(k2, k1))).toEqual(['a text of somebody']);
  });

  test('or has been changed costs the others nothing', () => {
    const inbox = open(k1);
    inbox.commit(aChange([message]));
    inbox.commit(aChange([aMessage({ guid: 'b', text: 'second' })]));
    const raw = new Database(path.join(folder.path, 'inbox.sqlite'));
    raw.exec("UPDATE sheets SET bytes = CAST(substr(bytes, 1, 30) || x'00' || substr(bytes, 32) AS BLOB) WHERE id = 1");
    raw.close();
    expect(textsIn(inbox)).toEqual([expect.stringMatching(/has been changed since/), 'second']);
  });
});

test.each([
  ['another key of the same name', [wrong], /cannot be read with these PAYLOAD_KEYS\. It is sealed with another key of the name "k1"/],
  ['a key of another name', [k2], /cannot be read with these PAYLOAD_KEYS\. .*"k1", which is not in PAYLOAD_KEYS: add that key/],
  ['no key', [], /"k1", which is not in PAYLOAD_KEYS/],
])('a start with %s is refused, and loses nothing', (_what, keys, message) => {
  open(k1).commit(change);
  expect(() => open(...keys)).toThrow(message);
  expect(textsIn(open(k1))).toEqual(['a text of somebody']);
});

test('a file of version 1 is taken over with all that is in it', () => {
  open().commit(change);
  file?.close();
  file = undefined;
  const old = new Database(path.join(folder.path, 'inbox.sqlite'));
  old.exec('ALTER TABLE ledger DROP COLUMN number_hash; ALTER TABLE pending DROP COLUMN sheet; ALTER TABLE pending DROP COLUMN line; DROP TABLE sheets; ALTER TABLE quarantine DROP COLUMN key_id; PRAGMA user_version = 1');
  old.prepare('INSERT INTO ledger VALUES (?, ?, ?)').run('old', 1, Buffer.alloc(16));
  old.close();
  const inbox = open(k1);
  expect(textsIn(inbox)).toEqual(['a text of somebody']);
  expect(inbox.commit(aChange([aMessage({ guid: 'old' })]))).toMatchObject({ fresh: 0 });
  expect(inbox.status()).toMatchObject({ depth: 1, quarantined: 2 });
});

describe('messages that are sealed together', () => {
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => aMessage({ guid: `g${index}`, text: `text ${index}`, number: index % 2 ? '+15550001111' : '+15550009876' }));
  const seqsOf = (inbox: InboxDatabase) => inbox.pending(0, 1_000).map(({ seq }) => seq);
  const sheets = () => queryInbox<{ id: number }>(folder.path, 'SELECT id FROM sheets ORDER BY id').length;

  test('lie on sheets of 64, and a sheet goes with its last message', () => {
    const inbox = open(k1);
    inbox.commit(aChange(numbered(130)));
    expect(sheets()).toBe(3);
    expect(inbox.pending(0, 1_000).map(({ message }) => (JSON.parse(message) as { text: string }).text)).toEqual(numbered(130).map(({ text }) => text));
    const [first = 0, ...others] = seqsOf(inbox);
    inbox.commit(aChange([], { forwarded: others.map((seq) => ({ seq, number: '+1' })) }));
    expect(sheets()).toBe(1);
    inbox.commit(aChange([], { forwarded: [{ seq: first, number: '+1' }] }));
    expect(sheets()).toBe(0);
  });

  test('are still there for the others when one is erased', async () => {
    const inbox = open(k1);
    inbox.commit(aChange(numbered(10)));
    await eraseAll(async (cursor) => inbox.erase('+15550009876', cursor));
    expect(textsIn(inbox)).toEqual([1, 3, 5, 7, 9].map((index) => `text ${index}`));
    const [row] = queryInbox<{ keyId: string; bytes: Buffer }>(folder.path, 'SELECT key_id AS keyId, bytes FROM sheets');
    expect(createKeyring([k1]).open(row as { keyId: string; bytes: Buffer }, 'inbox').toString()).not.toMatch(/5550009876|text [02468]/);
  });

  test('are counted right after a restart and after a commit that failed', () => {
    open(k1).commit(aChange(numbered(3)));
    const inbox = open(k1);
    expect(() => inbox.commit(aChange([aMessage({ guid: 'x' })], { quarantined: [{ reason: null as unknown as string, raw: 'y' }] }))).toThrow();
    inbox.commit(aChange([aMessage({ guid: 'y', text: 'after' })]));
    expect(textsIn(inbox)).toEqual(['text 0', 'text 1', 'text 2', 'after']);
    inbox.commit(aChange([], { forwarded: seqsOf(inbox).map((seq) => ({ seq, number: '+1' })) }));
    expect(sheets()).toBe(0);
  });
});

test('without a key an emptied log and a zeroed page leave nothing of what was erased or forwarded', async () => {
  const inbox = open();
  inbox.commit(change);
  expect(bytesOnDisk()).toMatch(/somebody/);
  await eraseAll(async (cursor) => inbox.erase('+15550009876', cursor));
  inbox.emptyLog();
  expect(bytesOnDisk()).not.toMatch(/somebody|5550009876/);
});
