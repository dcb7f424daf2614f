import { readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInboxDatabase, type InboxDatabase } from '../../src/inbox/database.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import { createKeyring, type PayloadKey } from '../../src/keyring.js';
import { aChange, queryInbox } from '../helpers/inbox.js';
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
  expect(queryInbox(folder.path, 'SELECT key_id FROM pending ORDER BY seq')).toEqual([{ key_id: null }, { key_id: 'k1' }, { key_id: 'k2' }]);
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
    inbox.commit(aChange([message, aMessage({ guid: 'b', text: 'second' })]));
    const raw = new Database(path.join(folder.path, 'inbox.sqlite'));
    raw.exec("UPDATE pending SET message = CAST(substr(message, 1, 30) || x'00' || substr(message, 32) AS BLOB) WHERE guid = 'a'");
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
  old.exec('ALTER TABLE ledger DROP COLUMN number_hash; ALTER TABLE pending DROP COLUMN key_id; ALTER TABLE quarantine DROP COLUMN key_id; PRAGMA user_version = 1');
  old.prepare('INSERT INTO ledger VALUES (?, ?, ?)').run('old', 1, Buffer.alloc(16));
  old.close();
  const inbox = open(k1);
  expect(textsIn(inbox)).toEqual(['a text of somebody']);
  expect(inbox.commit(aChange([aMessage({ guid: 'old' })]))).toMatchObject({ fresh: 0 });
  expect(inbox.status()).toMatchObject({ depth: 1, quarantined: 2 });
});
