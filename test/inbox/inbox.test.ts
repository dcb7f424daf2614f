import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Inbox } from '../../src/inbox/inbox.js';
import { quarantineLimits } from '../../src/inbox/quarantine.js';
import { rejection } from '../helpers/activity.js';
import { eventually } from '../kit/eventually.js';
import { guidsOf } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { aMessage } from '../helpers/messages.js';
import { accept, folder, hold, log, open, rows, useInbox } from './inbox-setup.js';

useInbox();

const numbered = (count: number, prefix = 'm') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Whether a promise has settled by the time that everything else has had its turn. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => void (settled = true);
  promise.then(note, note);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

/** The commits in the log of the database: each ends with a frame with the size of the file. */
async function commitsInLog(): Promise<number> {
  const wal = await readFile(path.join(folder.path, 'inbox.sqlite-wal'));
  const frameBytes = wal.readUInt32BE(8) + 24;
  let commits = 0;
  for (let at = 32; at + frameBytes <= wal.length; at += frameBytes) if (wal.readUInt32BE(at + 4) > 0) commits++;
  return commits;
}

it('an erasure empties the log, also while other messages wait', async () => {
  const inbox = await open();
  await inbox.accept({ messages: [aMessage({ text: 'erase this text', from: '+15550009876' })], rejected: [] });
  await accept(inbox, 'waits');
  const wal = path.join(folder.path, 'inbox.sqlite-wal');
  expect(await readFile(wal, 'utf8')).toContain('erase this text');
  await inbox.erase({ sender: '+15550009876', notations: ['15550009876'] }, async () => {});
  await eventually(async () => !(await readFile(wal, 'utf8')).includes('erase this text'), { withinMs: 5_000 });
  expect(guidsOf(rows())).toEqual(['waits']);
});

describe('a post', () => {
  it('is accepted once another program can read its rows', async () => {
    const inbox = await open();
    for (const guid of numbered(50)) {
      await accept(inbox, guid);
      expect(guidsOf(rows()).at(-1)).toBe(guid);
    }
  });

  it('is not accepted while its commit waits', async () => {
    const inbox = await open({ deadlineMs: 60_000 });
    const release = hold();
    const accepting = accept(inbox, 'a');
    expect(await isSettled(accepting)).toBe(false);
    expect(rows()).toEqual([]);
    release();
    await accepting;
    expect(guidsOf(rows())).toEqual(['a']);
  });

  it('shares its commit with those that come at the same time, and a batch is one commit', async () => {
    const inbox = await open();
    const before = await commitsInLog();
    await Promise.all([...numbered(99).map((guid) => accept(inbox, guid)), accept(inbox, ...numbered(1_000, 'batch'))]);
    expect((await commitsInLog()) - before).toBe(1);
    expect(rows()).toHaveLength(100);
    expect(guidsOf(rows())).toHaveLength(1_099);
  });

  it('with rejected messages is accepted once they are in quarantine', async () => {
    const inbox = await open();
    await inbox.accept({
      messages: [],
      rejected: [
        { index: 0, reason: 'guid: missing', raw: '{"message":"hi"}' },
        { index: 1, reason: 'not UTF-8', raw: Buffer.from([0xff, 0x00]) },
      ],
    });
    expect(queryInbox(folder.path, 'SELECT reason, raw FROM quarantine ORDER BY id')).toEqual([
      { reason: 'guid: missing', raw: Buffer.from('{"message":"hi"}') },
      { reason: 'not UTF-8', raw: Buffer.from([0xff, 0x00]) },
    ]);
    expect(inbox.status()).toMatchObject({ depth: 0, quarantined: 2 });
  });

  it('of nothing is accepted', async () => {
    await expect((await open()).accept({ messages: [], rejected: [] })).resolves.toBeUndefined();
  });
});

describe('more messages than may wait', () => {
  it.each<[string, (inbox: Inbox) => Promise<void>]>([
    ['a message', (inbox) => accept(inbox, 'one-too-many')],
    ['a rejected one', (inbox) => inbox.accept({ messages: [], rejected: [{ index: 0, reason: 'x', raw: 'y' }] })],
  ])('are refused at once, and are accepted later: %s', async (_what, acceptOneMore) => {
    const inbox = await open({ deadlineMs: 60_000 });
    const release = hold();
    const rejected = [{ index: 0, reason: 'x', raw: 'y' }];
    const waiting = [
      ...numbered(9, 'batch').map((prefix) => accept(inbox, ...numbered(1_000, prefix))),
      accept(inbox, ...numbered(999, 'last')),
      inbox.accept({ messages: [], rejected }),
    ];
    const refused = acceptOneMore(inbox);
    refused.catch(() => {});
    expect(await isSettled(refused)).toBe(true);
    expect(await rejection(refused)).toMatchObject({
      name: 'NotAcceptedError',
      message: expect.stringContaining('10000'),
    });
    expect(await isSettled(Promise.race(waiting))).toBe(false);
    release();
    await Promise.all(waiting);
    expect(guidsOf(rows())).toHaveLength(9_999);
    await acceptOneMore(inbox);
  });
});

it('the forwarder is called after each commit with messages, and after no other', async () => {
  const inbox = await open();
  let calls = 0;
  inbox.onAccepted(() => calls++);
  await accept(inbox, 'a', 'b');
  expect(calls).toBe(1);
  await inbox.accept({ messages: [], rejected: [{ index: 0, reason: 'x', raw: 'y' }] });
  expect(calls).toBe(1);
  expect(await inbox.requeue(1, { messages: [aMessage({ id: 'c' })], rejected: [] })).toEqual([]);
  expect(calls).toBe(2);
  expect(guidsOf(rows())).toEqual(['a', 'b', 'c']);
});

describe('the notes of the forwarder', () => {
  it('are committed soon, without any post', async () => {
    const inbox = await open();
    for (const guid of ['a', 'b', 'c']) await accept(inbox, guid);
    const [a, b] = rows().map(({ seq }) => seq) as [number, number];
    inbox.forwarded(a);
    inbox.stuck(b, { reason: 'refused', retryAtMs: 1_000 });
    await eventually(() => rows().length === 2, { withinMs: 2_000 });
    await eventually(() => inbox.status().depth === 2 && inbox.status().stuck === 1);
    const { entries: waiting } = await inbox.page({ stuck: false, after: 0 });
    const { entries: stuck } = await inbox.page({ stuck: true, after: [0, 0], dueAtMs: 1_000 });
    expect([guidsOf(waiting), guidsOf(stuck)]).toEqual([['c'], ['b']]);
  });

  it('are committed by close()', async () => {
    const inbox = await open();
    await accept(inbox, 'a');
    await accept(inbox, 'b');
    inbox.forwarded(rows()[0]?.seq as number);
    await inbox.close();
    expect(guidsOf(rows())).toEqual(['b']);
    const again = await open();
    expect(again.status()).toMatchObject({ depth: 1 });
  });
});

it('what was evicted from the quarantine is logged', async () => {
  const inbox = await open();
  const megabytes = quarantineLimits.bytes / 1_048_576 + 1;
  for (let index = 0; index < megabytes; index++)
    await inbox.accept({ messages: [], rejected: [{ index, reason: 'x', raw: Buffer.alloc(1_048_576, index) }] });
  expect(inbox.status()).toMatchObject({ quarantined: megabytes - 1, evicted: 1 });
  expect(log.events).toMatchObject([{ level: 40, event: 'quarantine.evicted', entries: 1 }]);
});

it('close() waits for posts in progress', async () => {
  const inbox = await open();
  const accepting = accept(inbox, 'a');
  await inbox.close();
  await accepting;
  expect(guidsOf(rows())).toEqual(['a']);
});

it('accepted messages are there when the inbox is opened again', async () => {
  const first = await open();
  await accept(first, 'a', 'b');
  await first.close();
  const second = await open();
  expect(guidsOf((await second.page({ stuck: false, after: 0 })).entries)).toEqual(['a', 'b']);
  expect(second.status().depth).toBe(2);
});
