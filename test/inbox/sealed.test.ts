import { readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InboxDatabase } from '../../src/inbox/database.js';
import { eraseAll } from '../../src/inbox/erasure.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import { type InboundMessage } from '../../src/domain/message.js';
import { senderToErase } from '../../src/domain/sender.js';
import { createKeyring, type PayloadKey } from '../../src/secrets/keyring.js';
import { aChange, asOnePost } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { aMessage, senderOf } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';

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
  return new InboxDatabase(file);
}

const bytesOnDisk = () =>
  ['inbox.sqlite', 'inbox.sqlite-wal'].map((name) => readFileSync(path.join(folder.path, name), 'latin1')).join();
const textsIn = (inbox: InboxDatabase) =>
  inbox
    .page({ stuck: false, after: 0 })
    .entries.flatMap(({ lines, unreadable }) =>
      unreadable === undefined
        ? lines.split('\n').map((line) => (JSON.parse(line) as InboundMessage).text)
        : unreadable,
    );
const eraseAda = (inbox: InboxDatabase) =>
  eraseAll(async (cursor) => inbox.erase({ sender: senderToErase('+15550009876', senderOf), cursor }));

const message = aMessage({ id: 'a', text: 'a text of Ada', from: '+15550009876' });
const change = aChange([message], { rejected: [{ reason: 'not JSON', raw: '{"message":"words that were refused' }] });

it('with a key neither a text nor a number can be found in the file', () => {
  const inbox = open(k1);
  inbox.commit(change);
  expect(bytesOnDisk()).not.toMatch(/of Ada|5550009876|refused/);
  expect(textsIn(inbox)).toEqual(['a text of Ada']);
  inbox.checkpoint();
  expect(bytesOnDisk()).not.toMatch(/of Ada|5550009876|refused/);
});

it('plain entries are read as they are, and a rotated key reads what the old one sealed', () => {
  open().commit(aChange([message]));
  open(k1).commit(aChange([aMessage({ id: 'b', text: 'second' })]));
  const inbox = open(k2, k1);
  inbox.commit(aChange([aMessage({ id: 'c', text: 'third' })]));
  expect(textsIn(inbox)).toEqual(['a text of Ada', 'second', 'third']);
  expect(queryInbox(folder.path, 'SELECT key_id FROM entries ORDER BY seq')).toEqual([
    { key_id: null },
    { key_id: 'k1' },
    { key_id: 'k2' },
  ]);
});

describe('an entry whose key is missing', () => {
  it('is returned with its reason, and opens again once the key is back', () => {
    open(k1).commit(aChange([message]));
    // The digest key has gone over to k2 by then, so that the file opens without k1.
    open(k2, k1);
    expect(textsIn(open(k2))).toEqual([
      expect.stringMatching(/sealed with the key "k1", which is not in PAYLOAD_KEYS/),
    ]);
    expect(textsIn(open(k2, k1))).toEqual(['a text of Ada']);
  });

  it('or that was changed does not affect the others', () => {
    const inbox = open(k1);
    inbox.commit(aChange([message]));
    inbox.commit(aChange([aMessage({ id: 'b', text: 'second' })]));
    const raw = new Database(path.join(folder.path, 'inbox.sqlite'));
    raw.exec("UPDATE entries SET body = CAST(substr(body, 1, 30) || x'00' || substr(body, 32) AS BLOB) WHERE seq = 1");
    raw.close();
    expect(textsIn(inbox)).toEqual([expect.stringMatching(/has been changed since/), 'second']);
  });
});

it.each([
  [
    'another key of the same name',
    [wrong],
    /can't be read with these PAYLOAD_KEYS\. It is sealed with a different key named "k1"/,
  ],
  [
    'a key of another name',
    [k2],
    /can't be read with these PAYLOAD_KEYS\. .*"k1", which is not in PAYLOAD_KEYS: add that key/,
  ],
  ['no key', [], /"k1", which is not in PAYLOAD_KEYS/],
])('a start with %s is refused, and loses nothing', (_what, keys, message) => {
  open(k1).commit(change);
  expect(() => open(...keys)).toThrow(message);
  expect(textsIn(open(k1))).toEqual(['a text of Ada']);
});

it('the messages of a post are sealed together, and are sealed again for the others when one is erased', async () => {
  const inbox = open(k1);
  const numbered = Array.from({ length: 10 }, (_, index) =>
    aMessage({ id: `g${index}`, text: `text ${index}`, from: index % 2 ? '+15550001111' : '+15550009876' }),
  );
  inbox.commit(aChange([], asOnePost(numbered)));
  expect(await eraseAda(inbox)).toMatchObject({ guids: ['g0', 'g2', 'g4', 'g6', 'g8'] });
  expect(textsIn(inbox)).toEqual([1, 3, 5, 7, 9].map((index) => `text ${index}`));
  const rows = queryInbox<{ keyId: string; bytes: Buffer }>(
    folder.path,
    'SELECT key_id AS keyId, body AS bytes FROM entries',
  );
  expect(rows).toHaveLength(1);
  const opened = createKeyring([k1]).open(rows[0] as (typeof rows)[number], 'inbox');
  expect(opened.toString()).not.toMatch(/5550009876|text [02468]/);
});

it('without a key an emptied log and a zeroed page leave nothing of what was erased or forwarded', async () => {
  const inbox = open();
  inbox.commit(change);
  expect(bytesOnDisk()).toMatch(/of Ada/);
  await eraseAda(inbox);
  inbox.emptyLog();
  expect(bytesOnDisk()).not.toMatch(/of Ada|5550009876/);
});
