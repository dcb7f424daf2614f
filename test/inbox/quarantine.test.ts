import { describe, expect, it } from 'vitest';
import { quarantineLimits } from '../../src/inbox/quarantine.js';
import { aChange } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { aMessage } from '../helpers/messages.js';
import {
  clock,
  day,
  file,
  folder,
  inbox,
  mib,
  quarantine,
  quarantined,
  reopen,
  useDatabase,
  waitingIds,
} from './database-setup.js';

useDatabase();

const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index));
const raws = () => quarantined().map(({ raw }) => raw);

describe('the quarantine', () => {
  it('keeps bytes and JSON unchanged', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00]);
    quarantine(bytes, '{"guid":"é"}');
    expect(queryInbox<{ raw: Buffer; at: number }>(folder.path, 'SELECT raw, at FROM quarantine ORDER BY id')).toEqual([
      { raw: bytes, at: clock.nowMs },
      { raw: Buffer.from('{"guid":"é"}'), at: clock.nowMs },
    ]);
  });

  it('counts the same bytes, also after it was opened again, and knows when they came last', () => {
    quarantine('a', 'a', 'b');
    reopen();
    clock.nowMs += day;
    quarantine('a');
    expect(inbox.quarantined({ after: 0, limit: 10 })).toMatchObject([
      { count: 3, at: clock.nowMs },
      { count: 1, at: clock.nowMs - day },
    ]);
    expect(inbox.status()).toMatchObject({ quarantined: 2, evicted: 0 });
  });

  it('gives no id twice, so that what an operator typed for one entry changes no other', () => {
    quarantine('first', 'last');
    const lastId = () => inbox.quarantined({ after: 0, limit: 10 }).at(-1)?.id as number;
    const before = lastId();
    inbox.requeue({ id: before, ...aChange([aMessage()]) });
    quarantine('next');
    expect(lastId()).toBeGreaterThan(before);
  });

  it('of a megabyte that comes again and again evicts nothing', () => {
    quarantine('matters');
    for (let times = 0; times < 100; times++) quarantine(Buffer.alloc(mib));
    expect(inbox.status()).toMatchObject({ quarantined: 2, evicted: 0 });
  });

  it('has a maximum number of rows, drops the oldest first, and counts what it drops', () => {
    quarantine(...numbered(quarantineLimits.rows + 2));
    expect(inbox.status()).toMatchObject({ quarantined: quarantineLimits.rows, evicted: 2 });
    expect(raws().at(0)).toBe('2');
    reopen();
    quarantine('last');
    expect(inbox.status()).toMatchObject({ quarantined: quarantineLimits.rows, evicted: 3 });
    expect([raws().at(0), raws().at(-1)]).toEqual(['3', 'last']);
  });

  it('has a maximum of bytes, and makes room among the reason that has the most', () => {
    const other = { reason: 'guid: too long', raw: 'of another reason, and the oldest' };
    inbox.commit(aChange([], { rejected: [other] }));
    const count = quarantineLimits.bytes / mib;
    for (let index = 0; index < count; index++) quarantine(Buffer.alloc(mib, index));
    expect(inbox.status()).toMatchObject({ quarantined: count, evicted: 1 });
    reopen();
    quarantine(Buffer.alloc(mib, 'x'));
    const first = queryInbox<{ first: string }>(
      folder.path,
      'SELECT min(hex(substr(raw, 1, 1))) AS first FROM quarantine WHERE length(raw) > 100',
    );
    expect(first).toEqual([{ first: '02' }]);
    expect(quarantined()).toContainEqual({ ...other, count: 1 });
  });

  it('drops entries after their days, a few a step', () => {
    quarantine(...numbered(25));
    clock.nowMs += day;
    quarantine('younger', '0');
    clock.nowMs += (quarantineLimits.days - 1) * day;
    expect(inbox.tidy()).toBe(false);
    expect(inbox.status().quarantined).toBe(26);
    clock.nowMs += 1;
    const steps = [1, 2, 3].map(() => [inbox.tidy(), inbox.status().quarantined]);
    expect(steps).toEqual([
      [true, 16],
      [true, 6],
      [false, 2],
    ]);
    expect(raws()).toEqual(['0', 'younger']);
    expect(inbox.status().evicted).toBe(24);
  });
});

describe('an entry of the quarantine', () => {
  const requeue = (...messages: string[]) => ({
    id: 1,
    ...aChange(messages.map((id) => aMessage({ id }))),
  });
  const idsLeft = () => inbox.quarantined({ after: 0, limit: 100 }).map(({ id }) => id);

  it('leaves it with the commit that accepts it, once', () => {
    quarantine('a', 'b');
    expect(inbox.requeue(requeue('g'))).toEqual([]);
    expect(idsLeft()).toEqual([2]);
    expect(inbox.status()).toMatchObject({ depth: 1, quarantined: 1 });
    expect(inbox.requeue(requeue('g'))).toBeUndefined();
    expect(inbox.status()).toMatchObject({ depth: 1, quarantined: 1 });
    expect(waitingIds()).toEqual(['g']);
  });

  it('stays, and nothing is accepted, when the commit fails', () => {
    quarantine('a');
    file.db.exec(`CREATE TEMP TRIGGER stop BEFORE DELETE ON quarantine BEGIN SELECT raise(ABORT, 'stop'); END`);
    expect(() => inbox.requeue(requeue('g'))).toThrow('stop');
    file.db.exec('DROP TRIGGER stop');
    expect(idsLeft()).toEqual([1]);
    expect(inbox.status()).toMatchObject({ depth: 0, quarantined: 1 });
    expect(inbox.requeue(requeue('g'))).toEqual([]);
  });

  it('keeps what is still wrong in it', () => {
    quarantine('a batch', 'known');
    const rejected = ['part', 'known', 'part'].map((raw) => ({ reason: 'still', raw }));
    expect(inbox.requeue({ ...requeue('h'), rejected })).toEqual([3, 2]);
    expect(quarantined()).toMatchObject([
      { raw: 'known', count: 2 },
      { raw: 'part', count: 2 },
    ]);
  });

  it('is read in small groups, and alone when it is large', () => {
    quarantine('x'.repeat(300_000), 'y', 'z');
    const ids = (after: number, limit: number) => inbox.quarantined({ after, limit }).map(({ id }) => id);
    expect(ids(0, 10)).toEqual([1]);
    expect(ids(1, 10)).toEqual([2, 3]);
    expect(ids(1, 1)).toEqual([2]);
    expect(ids(3, 10)).toEqual([]);
  });
});
