import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { stuckRetryMs } from '../../src/domain/waiting.js';
import { aChange, asOnePost } from '../helpers/inbox.js';
import { idsIn, queryInbox } from '../helpers/inbox-file.js';
import { aMessage } from '../helpers/messages.js';
import {
  accept,
  clock,
  dueIds,
  file,
  folder,
  forward,
  inbox,
  mib,
  open,
  quarantine,
  reopen,
  seqAt,
  useDatabase,
  waitingIds,
} from './database-setup.js';

useDatabase();

const apart = (id: string, retryAtMs = clock.nowMs) => ({
  line: JSON.stringify(aMessage({ id })),
  reason: 'refused',
  retryAtMs,
});

describe('an entry', () => {
  it('has the messages of its post, unchanged', () => {
    const messages = [aMessage({ text: 'Sí, 是 👍🏽 \u0000 "quoted"\n next line' }), aMessage()];
    inbox.commit(aChange([], asOnePost(messages)));
    const { entries, more } = inbox.page({ stuck: false, after: 0 });
    expect(entries[0]?.lines.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(messages);
    expect({ entries: entries.length, more }).toEqual({ entries: 1, more: false });
    expect(inbox.status()).toEqual({ depth: 2, stuck: 0, oldestAtMs: clock.nowMs, quarantined: 0, evicted: 0 });
  });

  it('is added whether its messages are known or not: Temporal decides that', () => {
    accept('a');
    accept('a');
    expect(waitingIds()).toEqual(['a', 'a']);
  });

  it('keeps its place in the order of acceptance, also when the clock goes back', () => {
    accept('a', 'b');
    clock.nowMs -= 3_600_000;
    accept('c');
    reopen();
    accept('d');
    expect(waitingIds()).toEqual(['a', 'b', 'c', 'd']);
    expect(inbox.page({ stuck: false, after: seqAt(2) }).entries.flatMap(({ lines }) => idsIn(lines))).toEqual(['d']);
  });

  it('is read with others up to a size, and alone when it is larger', () => {
    const large = () => aMessage({ text: 'x'.repeat(50_000) });
    inbox.commit(aChange([large(), large(), aMessage({ text: 'x'.repeat(300_000) }), aMessage(), aMessage()]));
    const sizes: number[] = [];
    for (let after = 0, more = true; more;) {
      const page = inbox.page({ stuck: false, after });
      sizes.push(page.entries.length);
      after = page.entries.at(-1)?.seq as number;
      more = page.more;
    }
    expect(sizes).toEqual([1, 1, 1, 2]);
    accept(...Array.from({ length: 400 }, (_, index) => `m${index}`));
    expect(inbox.page({ stuck: false, after: seqAt(4) })).toMatchObject({ entries: { length: 100 }, more: true });
  });
});

describe('a forwarded entry', () => {
  const text = 'a text that is not needed any more';
  const inFile = async () => (await readFile(path.join(folder.path, 'inbox.sqlite'))).includes(text);

  it('is nowhere in the database file after the next checkpoint', async () => {
    inbox.commit(
      aChange([aMessage({ id: 'a', text: text.repeat(500) }), aMessage({ id: 'b', text }), aMessage({ id: 'c' })]),
    );
    inbox.checkpoint();
    expect(await inFile()).toBe(true);
    forward(seqAt(0), seqAt(1));
    expect(waitingIds()).toEqual(['c']);
    inbox.checkpoint();
    expect(await inFile()).toBe(false);
    expect(inbox.status().depth).toBe(1);
  });

  it('that is noted twice counts once', () => {
    accept('a', 'b');
    const seq = seqAt(0);
    forward(seq, seq);
    forward(seq);
    expect(inbox.status().depth).toBe(1);
  });

  it('leaves what failed of it as stuck entries, which are as old as it was', () => {
    inbox.commit(aChange([], asOnePost(['a', 'b', 'c'].map((id) => aMessage({ id })))));
    const acceptedAt = clock.nowMs;
    clock.nowMs += 60_000;
    inbox.commit(aChange([], { forwarded: [{ seq: seqAt(0), apart: [apart('b'), apart('c', clock.nowMs + 1)] }] }));
    expect(inbox.status()).toMatchObject({ depth: 2, stuck: 2, oldestAtMs: null });
    expect(dueIds()).toEqual(['b']);
    expect(queryInbox(folder.path, 'SELECT DISTINCT at, messages, stuck_reason FROM entries')).toEqual([
      { at: acceptedAt, messages: 1, stuck_reason: 'refused' },
    ]);
  });
});

describe('a stuck entry', () => {
  const stuck = (index: number, retryAtMs: number) => ({ seq: seqAt(index), reason: 'refused', retryAtMs });
  beforeEach(() => {
    accept('a', 'b', 'c');
    inbox.commit(aChange([], { stuck: [stuck(0, clock.nowMs + 60), stuck(1, clock.nowMs + 30)] }));
  });

  it('is set aside, counted, and due again later', () => {
    expect(waitingIds()).toEqual(['c']);
    expect(inbox.status()).toMatchObject({ depth: 3, stuck: 2 });
    expect(dueIds()).toEqual([]);
    clock.nowMs += 30;
    expect(dueIds()).toEqual(['b']);
    clock.nowMs += 30;
    expect(dueIds()).toEqual(['b', 'a']);
    const after: [number, number] = [clock.nowMs - 30, seqAt(1)];
    expect(inbox.page({ stuck: true, after, dueAtMs: clock.nowMs }).entries).toMatchObject([{ seq: seqAt(0) }]);
    expect(waitingIds()).toEqual(['c']);
  });

  it('is not the oldest that waits', () => {
    expect(inbox.status().oldestAtMs).toBe(clock.nowMs);
    forward(seqAt(2));
    expect(inbox.status()).toMatchObject({ depth: 2, oldestAtMs: null });
    clock.nowMs += 5;
    accept('d', 'e');
    expect(inbox.status().oldestAtMs).toBe(clock.nowMs);
    clock.nowMs += 5;
    inbox.commit(aChange([aMessage({ id: 'f' })], { stuck: [stuck(2, clock.nowMs)] }));
    expect(inbox.status()).toMatchObject({ depth: 5, stuck: 3, oldestAtMs: clock.nowMs - 5 });
    forward(seqAt(3));
    expect(inbox.status().oldestAtMs).toBe(clock.nowMs);
    reopen();
    expect(inbox.status()).toMatchObject({ depth: 4, stuck: 3, oldestAtMs: clock.nowMs });
  });

  it('may be refused again, and is gone once it is forwarded', () => {
    inbox.commit(aChange([], { stuck: [stuck(1, clock.nowMs + 1)] }));
    forward(seqAt(0));
    expect(inbox.status()).toMatchObject({ depth: 2, stuck: 1 });
    clock.nowMs += 1;
    expect(dueIds()).toEqual(['b']);
    forward(seqAt(0), seqAt(1));
    expect(inbox.status()).toMatchObject({ depth: 0, stuck: 0, oldestAtMs: null });
  });
});

describe('a clock that was ahead', () => {
  it('does not hide for how long an entry has waited since', () => {
    clock.nowMs += 86_400_000;
    accept('a');
    clock.nowMs -= 86_400_000;
    expect(inbox.status().oldestAtMs).toBe(clock.nowMs);
    const then = clock.nowMs;
    clock.nowMs += 60_000;
    expect(inbox.status().oldestAtMs).toBe(then);
  });

  it('does not keep a stuck entry from its retry', () => {
    accept('a');
    inbox.commit(
      aChange([], { stuck: [{ seq: seqAt(0), reason: 'refused', retryAtMs: clock.nowMs + stuckRetryMs + 1 }] }),
    );
    inbox.tidy();
    expect(dueIds()).toEqual(['a']);
  });
});

it('a commit that fails undoes all of it and leaves the counts right', () => {
  accept('a', 'b', 'c');
  quarantine('kept');
  const everything = () => ({
    status: inbox.status(),
    tables: ['entries', 'quarantine'].map((table) => queryInbox(folder.path, `SELECT * FROM ${table}`)),
  });
  const before = everything();
  const change = aChange([aMessage({ id: 'd' })], {
    forwarded: [{ seq: seqAt(0), apart: [] }],
    stuck: [{ seq: seqAt(1), reason: 'refused', retryAtMs: clock.nowMs }],
    rejected: [{ reason: 'too large for the disk', raw: Buffer.alloc(mib) }],
  });
  file.db.pragma(`max_page_count = ${file.db.pragma('page_count', { simple: true }) as number}`);
  expect(() => inbox.commit(change)).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
  expect(everything()).toEqual(before);
  // A full disk makes SQLite undo it by itself; this does not.
  expect(() => inbox.commit({ ...change, rejected: [{ reason: null as never, raw: 'x' }] })).toThrow(
    expect.objectContaining({ code: 'SQLITE_CONSTRAINT_NOTNULL' }),
  );
  expect(everything()).toEqual(before);

  file.db.pragma('max_page_count = 1000000');
  inbox.commit(change);
  expect(inbox.status()).toMatchObject({ depth: 3, stuck: 1, oldestAtMs: clock.nowMs, quarantined: 2 });
});

it('an empty change is written too, since it checks that the disk can be written', () => {
  const other = new Database(path.join(folder.path, 'inbox.sqlite'), { readonly: true });
  const version = () => other.pragma('data_version', { simple: true });
  const before = version();
  clock.nowMs += 1;
  inbox.commit(aChange());
  expect(version()).not.toBe(before);
  other.close();
});

it('the log says how many of its pages are not in the database file', () => {
  accept('a');
  const before = inbox.pagesInLog();
  expect(before).toBeGreaterThan(0);
  inbox.commit(aChange([aMessage({ text: 'x'.repeat(40_960) })]));
  expect(inbox.pagesInLog()).toBeGreaterThan(before + 9);
  inbox.checkpoint();
  expect(inbox.pagesInLog()).toBe(0);
});

it('the status is the same after the inbox was opened again', () => {
  accept('a', 'b', 'c');
  forward(seqAt(0));
  inbox.commit(aChange([], { stuck: [{ seq: seqAt(1), reason: 'refused', retryAtMs: clock.nowMs }] }));
  quarantine('y');
  const before = inbox.status();
  expect(before).toMatchObject({ depth: 2, stuck: 1, oldestAtMs: clock.nowMs, quarantined: 1 });
  file.close();
  open();
  expect(inbox.status()).toEqual(before);
  expect(waitingIds()).toEqual(['b']);
});
