import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInboxDatabase, type InboxDatabase } from '../../src/inbox/database.js';
import { erasureStart, type ErasureStep, mentions } from '../../src/inbox/erasure.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import { createKeyring } from '../../src/keyring.js';
import { aChange, guidsOf, queryInbox } from '../helpers/inbox.js';
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

function erase(erased: string): Omit<ErasureStep, 'next'> {
  const all = { guids: [] as string[], seqs: [] as number[], quarantined: 0, unreadable: 0 };
  for (let cursor: ErasureStep['next'] = erasureStart; cursor; ) {
    const step: ErasureStep = inbox.erase(erased, cursor);
    all.guids.push(...step.guids);
    all.seqs.push(...step.seqs);
    all.quarantined += step.quarantined;
    all.unreadable += step.unreadable;
    cursor = step.next;
  }
  return all;
}

const seqOf = (guid: string) => queryInbox<{ seq: number }>(folder.path, `SELECT seq FROM seen WHERE guid = '${guid}'`)[0]?.seq as number;
const accept = (guid: string, from = number) => inbox.commit(aChange([aMessage({ guid, number: from })]));
const forward = (guid: string, from = number) => inbox.commit(aChange([], { forwarded: [{ seq: seqOf(guid), number: from }] }));

test('finds the messages of a number, waiting and forwarded, and keeps their GUIDs known', () => {
  for (const guid of ['waits', 'went', 'stuck']) accept(guid);
  forward('went');
  inbox.commit(aChange([], { stuck: [{ seq: seqOf('stuck'), reason: 'refused', retryAtMs: Date.now() + 1e6 }] }));
  for (const guid of ['other-waits', 'other-went']) accept(guid, '+15550001111');
  forward('other-went', '+15550001111');

  const { guids, seqs } = erase('1 (555) 000-9876');
  expect(guids.sort()).toEqual(['stuck', 'waits', 'went']);
  expect(seqs).toHaveLength(2);
  expect(guidsOf(inbox.pending(0, 10))).toEqual(['other-waits']);
  expect(inbox.status()).toMatchObject({ depth: 1, stuck: 0 });
  for (const guid of ['waits', 'went', 'stuck']) expect(inbox.commit(aChange([aMessage({ guid, number })])).fresh).toBe(0);
  expect(erase(number).guids.sort()).toEqual(['stuck', 'waits', 'went']);
});

test('lets go what the quarantine holds of a number, and nothing else', () => {
  const raws = [`{"number":"${number}","guid":7}`, 'from +1 555 000 9876 with { broken', '{"number":"+155500098761"}', '{"number":15550001111}', Buffer.from([0xff, 0xfe, 0x31])];
  inbox.commit(aChange([], { quarantined: raws.map((raw) => ({ reason: 'x', raw })) }));
  expect(erase(number)).toMatchObject({ quarantined: 2, unreadable: 0 });
  expect(inbox.status().quarantined).toBe(3);
});

test('goes through as many rows as there are', () => {
  const messages = Array.from({ length: 450 }, (_, index) => aMessage({ guid: `g${index}`, number: index % 3 === 0 ? number : '+15550001111' }));
  inbox.commit(aChange(messages, { quarantined: messages.slice(0, 50).map((message) => ({ reason: 'x', raw: JSON.stringify(message) })) }));
  expect(erase(number)).toMatchObject({ guids: { length: 150 }, quarantined: 17 });
  expect(inbox.status()).toMatchObject({ depth: 300, quarantined: 33 });
});

test('says what it could not look at', () => {
  accept('a');
  inbox.commit(aChange([], { quarantined: [{ reason: 'x', raw: number }] }));
  file.close();
  openInboxFile(folder.path, { keyring: createKeyring([{ id: 'k2', key: Buffer.alloc(32, 2) }, { id: 'k1', key: Buffer.alloc(32, 1) }]) }).close();
  file = openInboxFile(folder.path, { keyring: createKeyring([{ id: 'k2', key: Buffer.alloc(32, 2) }]) });
  inbox = createInboxDatabase(file);
  expect(erase(number)).toEqual({ guids: [], seqs: [], quarantined: 0, unreadable: 2 });
});

test('the ledger cannot be searched for a number without its key', () => {
  accept('a');
  forward('a');
  const [row] = queryInbox<{ number_hash: Buffer }>(folder.path, 'SELECT number_hash FROM ledger');
  expect(row?.number_hash).toHaveLength(16);
  expect(queryInbox<{ value: Buffer }>(folder.path, "SELECT value FROM settings WHERE name = 'hash_key'")[0]?.value).toHaveLength(64);
});

describe('whether bytes mention a number', () => {
  test.each([
    ['in its own notation', '{"number":"+15550009876"}', true],
    ['in another', 'call (1) 555-000-9876!', true],
    ['as a JSON number', '{"number":15550009876}', true],
    ['as part of a longer one', '{"number":"155500098765"}', false],
    ['split over two fields', '{"a":1555,"b":"0009876"}', false],
  ])('%s', (_how, raw, mentioned) => {
    expect(mentions(Buffer.from(raw), number)).toBe(mentioned);
  });

  test('is so for a name whatever its case', () => {
    expect(mentions(Buffer.from('{"number":"M-Pesa"}'), 'mpesa')).toBe(false);
    expect(mentions(Buffer.from('{"number":"MPESA"}'), 'mpesa')).toBe(true);
  });
});
