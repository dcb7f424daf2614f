import { expect, it } from 'vitest';
import { aChange } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import {
  accept,
  clock,
  day,
  due,
  dueIds,
  file,
  folder,
  forward,
  inbox,
  quarantine,
  reopen,
  seqAt,
} from './database-setup.js';
import { quarantined, useDatabase, waitingIds } from './database-setup.js';

useDatabase();

/** Changes the file as a later api does that is then rolled back: it adds columns, and raises no version. */
function addColumns(): void {
  file.db.exec(`
    ALTER TABLE entries ADD COLUMN priority INTEGER NOT NULL DEFAULT 7;
    ALTER TABLE quarantine ADD COLUMN address TEXT;
    ALTER TABLE settings ADD COLUMN since INTEGER`);
  reopen();
}

it('an api takes, forwards and keeps stuck what is posted, beside columns of a later one', () => {
  accept('before');
  addColumns();
  accept('a', 'b');
  expect(waitingIds()).toEqual(['before', 'a', 'b']);
  inbox.commit(aChange([], { stuck: [{ seq: seqAt(1), reason: 'refused', retryAtMs: clock.nowMs }] }));
  expect(dueIds()).toEqual(['a']);
  forward(seqAt(0));
  inbox.commit(
    aChange([], {
      forwarded: [{ seq: seqAt(1), apart: [{ line: due()[0]?.lines ?? '', reason: 'refused', retryAtMs: 0 }] }],
    }),
  );
  expect(inbox.status()).toMatchObject({ depth: 2, stuck: 2 });
  expect(queryInbox(folder.path, 'SELECT priority FROM entries')).toEqual([{ priority: 7 }, { priority: 7 }]);
});

it('an api quarantines, requeues and removes beside columns of a later one', () => {
  quarantine('before');
  addColumns();
  quarantine('before', 'after');
  expect(quarantined()).toMatchObject([
    { raw: 'before', count: 2 },
    { raw: 'after', count: 1 },
  ]);
  inbox.requeue({ id: 1, ...aChange() });
  clock.nowMs += 8 * day;
  inbox.tidy();
  expect(inbox.status()).toMatchObject({ quarantined: 0, evicted: 1 });
  expect(
    queryInbox(folder.path, "SELECT name FROM pragma_table_info('quarantine') WHERE name = 'address'"),
  ).toHaveLength(1);
});
