import { describe, expect, it } from 'vitest';
import { eraseAll } from '../../src/inbox/erasure.js';
import { mentions } from '../../src/domain/mentions.js';
import { createSenderOf, senderToErase } from '../../src/domain/sender.js';
import type { PayloadKey } from '../../src/secrets/keyring.js';
import { aChange, asOnePost } from '../helpers/inbox.js';
import { aMessage } from '../helpers/messages.js';
import { due, file, forward, inbox, reopen, seqAt, useDatabase, waitingIds } from './database-setup.js';

const number = '+15550009876';
const k1: PayloadKey = { id: 'k1', key: Buffer.alloc(32, 1) };
const k2: PayloadKey = { id: 'k2', key: Buffer.alloc(32, 2) };

useDatabase(k1);

/** In an installation of the US. */
const toErase = (erased: string) => senderToErase(erased, createSenderOf('US'));
let steps = 0;
const erase = (erased: string) =>
  eraseAll(async (cursor) => {
    steps++;
    return inbox.erase({ sender: toErase(erased), cursor });
  });

const accept = (guid: string, from = number) => inbox.commit(aChange([aMessage({ id: guid, from })]));

it('finds the messages of a number that wait or are stuck, and no other', async () => {
  for (const guid of ['waits', 'went', 'stuck']) accept(guid);
  accept('other', '+15550001111');
  inbox.commit(aChange([], { stuck: [{ seq: seqAt(2), reason: 'refused', retryAtMs: 1 }] }));
  forward(seqAt(1));
  expect(await erase('1 (555) 000-9876')).toEqual({ guids: ['waits', 'stuck'], quarantined: 0, unreadable: 0 });
  expect(waitingIds()).toEqual(['other']);
  expect(due()).toEqual([]);
  expect(inbox.status()).toMatchObject({ depth: 1, stuck: 0 });
  expect((await erase(number)).guids).toEqual([]);
});

it('leaves the other messages of a post, and their order', async () => {
  const messages = ['a', 'b', 'c', 'd'].map((id, index) =>
    aMessage({ id, from: index % 2 ? number : '+15550001111', text: `says "sender":"${number}"` }),
  );
  inbox.commit(aChange([], asOnePost(messages)));
  expect((await erase(number)).guids).toEqual(['b', 'd']);
  expect(waitingIds()).toEqual(['a', 'c']);
  expect(inbox.status().depth).toBe(2);
  forward(seqAt(0));
  expect(inbox.status().depth).toBe(0);
});

it.each(['0015550009876', '001-555-000-9876', '(555) 000-9876', '+١ ٥٥٥ ٠٠٠ ٩٨٧٦'])(
  '%s erases what came from +1 555 000 9876',
  async (typed) => {
    accept('waits', '+1 555 000 9876');
    accept('other', '+1 555 000 1111');
    expect((await erase(typed)).guids).toEqual(['waits']);
    expect(waitingIds()).toEqual(['other']);
  },
);

it('erases what the quarantine has of a number, and nothing else', async () => {
  const raws = [
    `{"number":"${number}","guid":7}`,
    'from +1 555 000 9876 with { broken',
    '{"number":"+155500098761"}',
    '{"number":15550001111}',
    Buffer.from([0xff, 0xfe, 0x31]),
    // Where one step ends and the next begins.
    `${'x '.repeat(16_380)}15550009876`,
    `${'x '.repeat(200_000)}15550009876`,
  ];
  inbox.commit(aChange([], { rejected: raws.map((raw) => ({ reason: 'x', raw })) }));
  expect(await erase(number)).toMatchObject({ quarantined: 4, unreadable: 0 });
  expect(inbox.status().quarantined).toBe(3);
});

it('goes through all entries, a few in each step', async () => {
  const messages = Array.from({ length: 3_000 }, (_, index) =>
    aMessage({ id: `g${index}`, from: index % 3 === 0 ? number : '+15550001111', text: 'x'.repeat(300) }),
  );
  inbox.commit(aChange(messages.slice(0, 1_000)));
  inbox.commit(aChange([], asOnePost(messages.slice(1_000, 2_000))));
  inbox.commit(
    aChange(messages.slice(2_000), {
      rejected: [
        ...messages.slice(0, 50).map((message) => ({ reason: 'x', raw: JSON.stringify(message) })),
        { reason: 'x', raw: Buffer.alloc(1_048_576, '1 555 000 1234') },
      ],
    }),
  );
  expect(await erase(number)).toMatchObject({ guids: { length: 1_000 }, quarantined: 17 });
  expect(inbox.status()).toMatchObject({ depth: 2_000, quarantined: 34 });
  // 100 entries or 64 KB, and 32 KB of a quarantine entry: some milliseconds each.
  expect(steps).toBeGreaterThan(2_000 / 100 + 50 + 1_048_576 / 32_768);
});

it('says what it could not read', async () => {
  accept('a');
  inbox.commit(aChange([], { rejected: [{ reason: 'x', raw: number }] }));
  reopen(k2, k1);
  reopen(k2);
  expect(await erase(number)).toEqual({ guids: [], quarantined: 0, unreadable: 2 });
  expect(file.db.prepare('SELECT count(*) FROM entries').pluck().get()).toBe(1);
});

describe('whether bytes mention a number', () => {
  it.each([
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
    ['with 00', '{"number":"001 555 000 9876"}', true],
    ['as in its own country', 'call (555) 000-9876', true],
    ['in full-width digits', '{"number":"＋１５５５０００９８７６"}', true],
    ['in Arabic digits', '{"number":"+١٥٥٥٠٠٠٩٨٧٦"}', true],
    ['as part of a longer one', '{"number":"155500098765"}', false],
    ['split over two fields', '{"a":1555,"b":"0009876"}', false],
  ])('%s', (_how, raw, mentioned) => {
    expect(mentions(Buffer.from(raw), toErase(number).notations)).toBe(mentioned);
  });

  it('finds a number with the (0) that belongs only inside its country', () => {
    const { notations } = senderToErase('+442079460958', createSenderOf(undefined));
    expect(mentions(Buffer.from('call +44 (0)20 7946 0958'), notations)).toBe(true);
    expect(mentions(Buffer.from('call 020 7946 0958'), notations)).toBe(false);
  });

  it('finds a name without letters as it is', () => {
    expect(mentions(Buffer.from('{"number":"💬"}'), ['💬'])).toBe(true);
    expect(mentions(Buffer.from('{"number":"+1"}'), ['💬'])).toBe(false);
  });

  it('finds a short code as a word', () => {
    expect(mentions(Buffer.from('{"number":"333"}'), ['333'])).toBe(true);
    expect(mentions(Buffer.from('at 3:33, 13334 and a333'), ['333'])).toBe(false);
  });

  it('finds a name in any case', () => {
    expect(mentions(Buffer.from('{"number":"M-Pesa"}'), ['M-PESA'])).toBe(true);
    expect(mentions(Buffer.from('{"number":"MPESA2"}'), ['M-PESA'])).toBe(false);
    expect(mentions(Buffer.from('{"number":"MPESA"}'), ['mpesa'])).toBe(true);
  });
});
