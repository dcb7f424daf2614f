import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInboxDatabase, type InboxDatabase } from '../../src/inbox/database.js';
import { quarantineBounds } from '../../src/inbox/quarantine.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import { aChange, guidsOf } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../helpers/product.js';

const day = 86_400_000;
const mib = 1_048_576;

let folder: Awaited<ReturnType<typeof dataFolder>>;
let file: InboxFile;
let inbox: InboxDatabase;
let nowMs: number;

const open = () => {
  file = openInboxFile(folder.path);
  inbox = createInboxDatabase(file, () => nowMs);
};
beforeEach(async () => {
  nowMs = Date.parse('2025-01-20T10:15:00Z');
  folder = await dataFolder();
  open();
});
afterEach(async () => {
  file.close();
  await folder.remove();
});

const accept = (...guids: string[]) => inbox.commit(aChange(guids.map((guid) => aMessage({ guid }))));
const pending = () => guidsOf(inbox.pending(0, 1_000));
const seqOf = (guid: string) => queryInbox<{ seq: number }>(folder.path, `SELECT seq FROM seen WHERE guid = '${guid}'`)[0]?.seq as number;
const noteOf = (guid: string) => ({ seq: seqOf(guid), number: '+15550001234' });
const forward = (...guids: string[]) => inbox.commit(aChange([], { forwarded: guids.map(noteOf) }));
const quarantine = (...raws: Array<string | Uint8Array>) => inbox.commit(aChange([], { quarantined: raws.map((raw) => ({ reason: 'guid: missing', raw })) }));
const quarantined = () => queryInbox<{ reason: string; raw: Buffer }>(folder.path, 'SELECT reason, raw FROM quarantine ORDER BY id').map(({ reason, raw }) => ({ reason, raw: raw.toString() }));
const purgeAll = () => {
  while (inbox.purge(30, 200));
};

describe('a message', () => {
  test('that is new is pending as it was written', () => {
    const message = aMessage({ text: 'Sí, 是 👍🏽 \u0000 "quoted"' });
    expect(inbox.commit(aChange([message]))).toEqual({ fresh: 1, conflicts: [] });
    expect(inbox.pending(0, 10).map((row) => JSON.parse(row.message) as unknown)).toEqual([message]);
    expect(inbox.status()).toEqual({ depth: 1, stuck: 0, oldestAtMs: nowMs, quarantined: 0 });
  });

  test('that comes again, also within one change, is one row', () => {
    const message = aMessage();
    expect(inbox.commit(aChange([message, message, aMessage({ guid: 'other' }), message]))).toEqual({ fresh: 2, conflicts: [] });
    expect(inbox.commit(aChange([message]))).toEqual({ fresh: 0, conflicts: [] });
    expect(pending()).toEqual([message.guid, 'other']);
    expect(inbox.status()).toMatchObject({ depth: 2, quarantined: 0 });
  });

  test('whose GUID came with another text is a duplicate that is kept in quarantine, and the first text wins', () => {
    const first = aMessage({ guid: '7', text: 'first' });
    const second = aMessage({ guid: '7', text: 'second' });
    const third = aMessage({ guid: '7', text: 'third' });
    expect(inbox.commit(aChange([aMessage(), first, second]))).toEqual({ fresh: 2, conflicts: [2] });
    forward('7');
    expect(inbox.commit(aChange([third, first]))).toEqual({ fresh: 0, conflicts: [0] });
    expect(quarantined()).toEqual([second, third].map((message) => ({ reason: 'guid-conflict', raw: JSON.stringify(message) })));
    expect(inbox.status()).toMatchObject({ depth: 1, quarantined: 2 });
  });

  test('keeps its place in the order of acceptance, also when the clock goes back', () => {
    accept('a', 'b');
    nowMs -= 3_600_000;
    accept('c');
    file.close();
    open();
    accept('d');
    expect(pending()).toEqual(['a', 'b', 'c', 'd']);
    expect(guidsOf(inbox.pending(seqOf('b'), 1))).toEqual(['c']);
  });
});

describe('a forwarded message', () => {
  const text = 'a text that nobody needs any more';
  const inFile = async () => (await readFile(path.join(folder.path, 'inbox.sqlite'))).includes(text);

  test('is nowhere in the database file after the next checkpoint', async () => {
    inbox.commit(aChange([aMessage({ guid: 'a', text: text.repeat(500) }), aMessage({ guid: 'b', text }), aMessage({ guid: 'c' })]));
    inbox.checkpoint();
    expect(await inFile()).toBe(true);
    forward('a', 'b');
    expect(pending()).toEqual(['c']);
    inbox.checkpoint();
    expect(await inFile()).toBe(false);
    expect(inbox.status().depth).toBe(1);
  });

  test('leaves its GUID, which starts nothing any more', () => {
    accept('a');
    forward('a');
    expect(accept('a').fresh).toBe(0);
    expect(pending()).toEqual([]);
  });

  test('that is noted twice counts once', () => {
    accept('a', 'b');
    inbox.commit(aChange([], { forwarded: [noteOf('a'), noteOf('a')] }));
    forward('a');
    expect(inbox.status().depth).toBe(1);
  });
});

describe('the purge', () => {
  const known = () => queryInbox<{ guid: string }>(folder.path, 'SELECT guid FROM seen ORDER BY guid').map(({ guid }) => guid);

  test('forgets GUIDs older than the days, and never one that is pending or stuck', () => {
    accept('old', 'pending', 'stuck');
    inbox.commit(aChange([], { forwarded: [noteOf('old')], stuck: [{ seq: seqOf('stuck'), reason: 'refused', retryAtMs: nowMs }] }));
    nowMs += day;
    accept('younger');
    forward('younger');
    nowMs += 29 * day;
    purgeAll();
    expect(known()).toEqual(['old', 'pending', 'stuck', 'younger']);
    nowMs += 1;
    purgeAll();
    expect(known()).toEqual(['pending', 'stuck', 'younger']);
    expect(accept('old').fresh).toBe(1);
  });

  test('goes through the GUIDs in steps that are bounded, and says when it is through', () => {
    accept('a', 'b', 'c', 'd', 'e');
    forward('a', 'b', 'c', 'd', 'e');
    nowMs += 31 * day;
    const steps = [1, 2, 3].map(() => [inbox.purge(30, 2), known().join('')]);
    expect(steps).toEqual([[true, 'cde'], [true, 'e'], [false, '']]);
    accept('a');
    forward('a');
    nowMs += 31 * day;
    expect([inbox.purge(30, 2), known()]).toEqual([false, []]);
  });
});

describe('the quarantine', () => {
  test('keeps bytes and JSON as they came', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00]);
    quarantine(bytes, '{"guid":"é"}');
    expect(queryInbox<{ raw: Buffer; at: number }>(folder.path, 'SELECT raw, at FROM quarantine ORDER BY id')).toEqual([
      { raw: bytes, at: nowMs },
      { raw: Buffer.from('{"guid":"é"}'), at: nowMs },
    ]);
  });

  test('holds so many rows, the oldest goes first', () => {
    quarantine(...Array.from({ length: quarantineBounds.rows + 2 }, (_, index) => String(index)));
    expect(inbox.status().quarantined).toBe(quarantineBounds.rows);
    expect(quarantined().at(0)?.raw).toBe('2');
    quarantine('last');
    expect(quarantined().map(({ raw }) => raw)).toEqual([...Array.from({ length: quarantineBounds.rows - 1 }, (_, index) => String(index + 3)), 'last']);
  });

  test('holds so many bytes, the oldest goes first, also after it was opened again', () => {
    const count = quarantineBounds.bytes / mib;
    for (let index = 0; index < count; index++) quarantine(Buffer.alloc(mib, index));
    expect(inbox.status().quarantined).toBe(count);
    file.close();
    open();
    quarantine('x');
    const [kept] = queryInbox<{ rows: number; bytes: number; first: string }>(folder.path, 'SELECT count(*) AS rows, sum(length(raw)) AS bytes, min(hex(substr(raw, 1, 1))) AS first FROM quarantine WHERE length(raw) > 1');
    expect(kept).toEqual({ rows: count - 1, bytes: (count - 1) * mib, first: '01' });
    expect(inbox.status().quarantined).toBe(count);
  });

  test('lets go after its days, a few at a step, with no messages about', () => {
    quarantine(...Array.from({ length: 25 }, (_, index) => String(index)));
    nowMs += day;
    quarantine('younger');
    nowMs += (quarantineBounds.days - 1) * day;
    expect(inbox.purge(30, 200)).toBe(false);
    expect(inbox.status().quarantined).toBe(26);
    nowMs += 1;
    const steps = [1, 2, 3].map(() => [inbox.purge(30, 200), inbox.status().quarantined]);
    expect(steps).toEqual([[true, 16], [true, 6], [false, 1]]);
    expect(quarantined().map(({ raw }) => raw)).toEqual(['younger']);
  });
});

describe('a message that Temporal refuses', () => {
  beforeEach(() => {
    accept('a', 'b', 'c');
    inbox.commit(aChange([], { stuck: [{ seq: seqOf('a'), reason: 'refused', retryAtMs: nowMs + 60 }, { seq: seqOf('b'), reason: 'refused', retryAtMs: nowMs + 30 }] }));
  });

  test('is set aside, counted, and there again when its time has come', () => {
    expect(pending()).toEqual(['c']);
    expect(inbox.status()).toMatchObject({ depth: 3, stuck: 2 });
    expect(inbox.stuck(10)).toEqual([]);
    nowMs += 30;
    expect(guidsOf(inbox.stuck(10))).toEqual(['b']);
    nowMs += 30;
    expect(guidsOf(inbox.stuck(10))).toEqual(['b', 'a']);
    expect(guidsOf(inbox.stuck(1))).toEqual(['b']);
    expect(pending()).toEqual(['c']);
  });

  test('is not the oldest that waits', () => {
    expect(inbox.status().oldestAtMs).toBe(Math.floor(seqOf('c') / 1_000));
    nowMs += 5;
    forward('c');
    expect(inbox.status()).toMatchObject({ depth: 2, oldestAtMs: null });
    accept('d', 'e');
    expect(inbox.status().oldestAtMs).toBe(nowMs);
    nowMs += 5;
    inbox.commit(aChange([aMessage({ guid: 'f' })], { stuck: [{ seq: seqOf('d'), reason: 'refused', retryAtMs: nowMs }], forwarded: [noteOf('a')] }));
    expect(inbox.status()).toMatchObject({ depth: 4, stuck: 2, oldestAtMs: Math.floor(seqOf('e') / 1_000) });
    forward('e');
    expect(inbox.status().oldestAtMs).toBe(nowMs);
    file.close();
    open();
    expect(inbox.status().oldestAtMs).toBe(nowMs);
  });

  test('may be refused again, and is gone once it is forwarded', () => {
    nowMs += 60;
    inbox.commit(aChange([], { forwarded: [noteOf('a')], stuck: [{ seq: seqOf('b'), reason: 'again', retryAtMs: nowMs + 1 }] }));
    expect(inbox.stuck(10)).toEqual([]);
    expect(inbox.status()).toMatchObject({ depth: 2, stuck: 1 });
    nowMs += 1;
    expect(guidsOf(inbox.stuck(10))).toEqual(['b']);
    forward('b', 'c');
    expect(inbox.status()).toMatchObject({ depth: 0, stuck: 0, oldestAtMs: null });
  });

  test('is a duplicate when it comes again', () => {
    expect(accept('a').fresh).toBe(0);
    expect(inbox.status()).toMatchObject({ depth: 3, stuck: 2 });
  });
});

test('a commit that fails undoes all of it and leaves the counts right', () => {
  accept('a', 'b', 'c');
  quarantine('kept');
  const everything = () => ({ status: inbox.status(), tables: ['ledger', 'pending', 'quarantine'].map((table) => queryInbox(folder.path, `SELECT * FROM ${table}`)) });
  const before = everything();
  const change = aChange([aMessage({ guid: 'd' }), aMessage({ guid: 'a', text: 'conflict' })], {
    forwarded: [noteOf('a')],
    stuck: [{ seq: seqOf('b'), reason: 'refused', retryAtMs: nowMs }],
    quarantined: [{ reason: 'too large for the disk', raw: Buffer.alloc(mib) }],
  });
  file.db.pragma(`max_page_count = ${file.db.pragma('page_count', { simple: true }) as number}`);
  expect(() => inbox.commit(change)).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
  expect(everything()).toEqual(before);
  // A full disk makes SQLite undo it by itself; this does not.
  expect(() => inbox.commit({ ...change, quarantined: [{ reason: null as never, raw: '' }] })).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_NOTNULL' }));
  expect(everything()).toEqual(before);

  file.db.pragma('max_page_count = 1000000');
  expect(inbox.commit(change)).toEqual({ fresh: 1, conflicts: [1] });
  expect(inbox.status()).toEqual({ depth: 3, stuck: 1, oldestAtMs: nowMs, quarantined: 3 });
});

test('a change of nothing is written all the same, since it asks whether the disk takes anything', () => {
  const other = new Database(path.join(folder.path, 'inbox.sqlite'), { readonly: true });
  const version = () => other.pragma('data_version', { simple: true });
  const before = version();
  nowMs += 1;
  inbox.commit(aChange());
  expect(version()).not.toBe(before);
  other.close();
});

test('the status is the same after the inbox was opened again', () => {
  accept('a', 'b', 'c');
  inbox.commit(aChange([], { forwarded: [noteOf('a')], stuck: [{ seq: seqOf('c'), reason: 'refused', retryAtMs: nowMs }], quarantined: [{ reason: 'x', raw: 'y' }] }));
  const before = inbox.status();
  expect(before).toEqual({ depth: 2, stuck: 1, oldestAtMs: nowMs, quarantined: 1 });
  file.close();
  open();
  expect(inbox.status()).toEqual(before);
  expect(pending()).toEqual(['b']);
});
