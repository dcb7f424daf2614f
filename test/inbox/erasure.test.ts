import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInboxDatabase, type InboxDatabase } from '../../src/inbox/database.js';
import { eraseAll, mentions } from '../../src/inbox/erasure.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import { createKeyring } from '../../src/keyring.js';
import { aChange, guidsOf } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../helpers/product.js';

const number = '+15550009876';
const keyring = createKeyring([{ id: 'k1', key: Buffer.alloc(32, 1) }]);

let folder: { path: string; remove: () => Promise<void> };
let file: InboxFile;
let inbox: InboxDatabase;
beforeEach(async () => {
  folder = await dataFolder();
  file = openInboxFile(folder.path, { keyring });
  inbox = createInboxDatabase(file);
});
afterEach(async () => {
  file.close();
  await folder.remove();
});

const erase = (erased: string) => eraseAll(async (cursor) => inbox.erase(erased, cursor));

const seqOf = (guid: string) => queryInbox<{ seq: number }>(folder.path, `SELECT seq FROM seen WHERE guid = '${guid}'`)[0]?.seq as number;
const accept = (guid: string, from = number) => inbox.commit(aChange([aMessage({ guid, number: from })]));
const forward = (guid: string, from = number) => inbox.commit(aChange([], { forwarded: [{ seq: seqOf(guid), number: from }] }));

test('finds the messages of a number, waiting and forwarded, and keeps their GUIDs known', async () => {
  for (const guid of ['waits', 'went', 'stuck']) accept(guid);
  forward('went');
  inbox.commit(aChange([], { stuck: [{ seq: seqOf('stuck'), reason: 'refused', retryAtMs: Date.now() + 1e6 }] }));
  for (const guid of ['other-waits', 'other-went']) accept(guid, '+15550001111');
  forward('other-went', '+15550001111');

  const { guids, seqs } = await erase('1 (555) 000-9876');
  expect(guids.sort()).toEqual(['stuck', 'waits', 'went']);
  expect(seqs).toHaveLength(2);
  expect(guidsOf(inbox.pending(0, 10))).toEqual(['other-waits']);
  expect(inbox.status()).toMatchObject({ depth: 1, stuck: 0 });
  for (const guid of ['waits', 'went', 'stuck']) expect(inbox.commit(aChange([aMessage({ guid, number })])).fresh).toBe(0);
  expect((await erase(number)).guids.sort()).toEqual(['stuck', 'waits', 'went']);
});

test('lets go what the quarantine holds of a number, and nothing else', async () => {
  const raws = [`{"number":"${number}","guid":7}`, 'from +1 555 000 9876 with { broken', '{"number":"+155500098761"}', '{"number":15550001111}', Buffer.from([0xff, 0xfe, 0x31])];
  inbox.commit(aChange([], { quarantined: raws.map((raw) => ({ reason: 'x', raw })) }));
  expect(await erase(number)).toMatchObject({ quarantined: 2, unreadable: 0 });
  expect(inbox.status().quarantined).toBe(3);
});

test('goes through as many rows as there are', async () => {
  const messages = Array.from({ length: 450 }, (_, index) => aMessage({ guid: `g${index}`, number: index % 3 === 0 ? number : '+15550001111' }));
  inbox.commit(aChange(messages, { quarantined: messages.slice(0, 50).map((message) => ({ reason: 'x', raw: JSON.stringify(message) })) }));
  expect(await erase(number)).toMatchObject({ guids: { length: 150 }, quarantined: 17 });
  expect(inbox.status()).toMatchObject({ depth: 300, quarantined: 33 });
});

test('says what it could not look at', async () => {
  accept('a');
  inbox.commit(aChange([], { quarantined: [{ reason: 'x', raw: number }] }));
  file.close();
  openInboxFile(folder.path, { keyring: createKeyring([{ id: 'k2', key: Buffer.alloc(32, 2) }, { id: 'k1', key: Buffer.alloc(32, 1) }]) }).close();
  file = openInboxFile(folder.path, { keyring: createKeyring([{ id: 'k2', key: Buffer.alloc(32, 2) }]) });
  inbox = createInboxDatabase(file);
  expect(await erase(number)).toEqual({ guids: [], seqs: [], quarantined: 0, unreadable: 2, unattributed: 0 });
});

test('the ledger cannot be searched for a number without its key', () => {
  accept('a');
  forward('a');
  const [row] = queryInbox<{ number_hash: Buffer }>(folder.path, 'SELECT number_hash FROM ledger');
  expect(row?.number_hash).toHaveLength(16);
  expect(queryInbox<{ value: Buffer }>(folder.path, "SELECT value FROM settings WHERE name = 'hash_key'")[0]?.value).toHaveLength(64);
});

test('counts what it cannot attribute: GUIDs of a version that kept no number', async () => {
  for (const guid of ['old', 'new']) accept(guid);
  for (const guid of ['old', 'new']) forward(guid);
  file.db.exec("UPDATE ledger SET number_hash = NULL WHERE guid = 'old'");
  expect(await erase(number)).toMatchObject({ guids: ['new'], unattributed: 1 });
});

describe('whether bytes mention a number', () => {
  test.each([
    ['in its own notation', '{"number":"+15550009876"}', true],
    ['in another', 'call (1) 555-000-9876!', true],
    ['as a JSON number', '{"number":15550009876}', true],
    ['in a form', 'number=%2B15550009876&message=hi', true],
    ['in a form, with blanks', 'number=%2B1+555+000+9876', true],
    ['with no-break spaces', '+1\u00a0555\u00a0000\u20119876', true],
    ['with its plus escaped', '{"number":"\\u002b15550009876"}', true],
    ['at the start of a line', '{"message":"call\\n15550009876"}', true],
    ['before a date', 'from +15550009876 2025-01-20', true],
    ['beside another', '15550009876 15550001111', true],
    ['after a word', 'tel15550009876', true],
    ['as part of a longer one', '{"number":"155500098765"}', false],
    ['split over two fields', '{"a":1555,"b":"0009876"}', false],
  ])('%s', (_how, raw, mentioned) => {
    expect(mentions(Buffer.from(raw), number)).toBe(mentioned);
  });

  test('looks for a short code as a word', () => {
    expect(mentions(Buffer.from('{"number":"333"}'), '333')).toBe(true);
    expect(mentions(Buffer.from('at 3:33, 13334 and a333'), '333')).toBe(false);
  });

  test('is so for a name whatever its case', () => {
    expect(mentions(Buffer.from('{"number":"M-Pesa"}'), 'M-PESA')).toBe(true);
    expect(mentions(Buffer.from('{"number":"MPESA2"}'), 'M-PESA')).toBe(false);
    expect(mentions(Buffer.from('{"number":"MPESA"}'), 'mpesa')).toBe(true);
  });
});
