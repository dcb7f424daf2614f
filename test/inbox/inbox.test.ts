import { appendFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { NotAcceptedError } from '../../src/api/intake.js';
import { type Inbox, type InboxSettings, openInbox } from '../../src/inbox/inbox.js';
import { InboxUnusableError } from '../../src/inbox/schema.js';
import { rejection } from '../helpers/activity.js';
import { eventually } from '../helpers/eventually.js';
import { guidsOf, holdInbox, threadUrl } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../helpers/product.js';

const disk = vi.hoisted(() => ({ freeBytes: undefined as number | undefined }));
vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const real = await importOriginal();
  const statfs = async (file: string) => (disk.freeBytes === undefined ? real.statfs(file) : { bavail: disk.freeBytes, bsize: 1 });
  return { ...real, statfs: statfs as typeof real.statfs };
});

let folder: Awaited<ReturnType<typeof dataFolder>>;
let log: ReturnType<typeof recordingLog>;
let broken: InboxUnusableError[];
beforeEach(async () => {
  folder = await dataFolder();
  log = recordingLog();
  broken = [];
  disk.freeBytes = undefined;
});
afterEach(() => folder.remove());

/** The inbox of the test's folder, in its real thread, until the test ends. */
async function open(settings: Partial<InboxSettings> = {}): Promise<Inbox> {
  const inbox = await openInbox({ dataDir: folder.path, dedupDays: 30, log: log.log, onBroken: (error) => broken.push(error), threadUrl, ...settings });
  onTestFinished(() => inbox.close());
  return inbox;
}

/** A hold on the database that ends with the test at the latest. */
function hold(): () => void {
  const release = holdInbox(folder.path);
  onTestFinished(release);
  return release;
}

const deliver = (inbox: Inbox, ...guids: string[]) => inbox.accept({ messages: guids.map((guid) => aMessage({ guid })), rejected: [] });
const rows = () => queryInbox<{ seq: number; message: string }>(folder.path, 'SELECT * FROM pending ORDER BY seq');
const numbered = (count: number, prefix = 'm') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const eventNames = () => log.events.map(({ event }) => event);

/** Whether a promise has settled by the time that everything else has had its turn. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => void (settled = true);
  promise.then(note, note);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

/** The commits in the log of the database: each ends with a frame that tells the size of the file. */
async function commitsInLog(): Promise<number> {
  const wal = await readFile(path.join(folder.path, 'inbox.sqlite-wal'));
  const frameBytes = wal.readUInt32BE(8) + 24;
  let commits = 0;
  for (let at = 32; at + frameBytes <= wal.length; at += frameBytes) if (wal.readUInt32BE(at + 4) > 0) commits++;
  return commits;
}

describe('a delivery', () => {
  test('is accepted once another program can read its rows', async () => {
    const inbox = await open();
    for (const guid of numbered(50)) {
      await deliver(inbox, guid);
      expect(guidsOf(rows()).at(-1)).toBe(guid);
    }
  });

  test('is not accepted while its commit waits', async () => {
    const inbox = await open({ deadlineMs: 60_000 });
    const release = hold();
    const delivery = deliver(inbox, 'a');
    expect(await isSettled(delivery)).toBe(false);
    expect(rows()).toEqual([]);
    release();
    await delivery;
    expect(guidsOf(rows())).toEqual(['a']);
  });

  test('shares its commit with those that come at the same time, and a batch is one commit', async () => {
    const inbox = await open();
    const before = await commitsInLog();
    await Promise.all([...numbered(99).map((guid) => deliver(inbox, guid)), deliver(inbox, ...numbered(1_000, 'batch'))]);
    expect((await commitsInLog()) - before).toBe(1);
    expect(rows()).toHaveLength(1_099);
  });

  test('of one GUID, 1,000 times at once, is one row, and none is acknowledged before it is there', async () => {
    const inbox = await open({ deadlineMs: 60_000 });
    const release = hold();
    const deliveries = Array.from({ length: 1_000 }, () => deliver(inbox, 'same'));
    expect(await isSettled(Promise.race(deliveries))).toBe(false);
    release();
    await Promise.all(deliveries);
    expect(guidsOf(rows())).toEqual(['same']);
    expect(inbox.status().depth).toBe(1);
  });

  test('with rejected messages is accepted once they are in quarantine', async () => {
    const inbox = await open();
    await inbox.accept({ messages: [], rejected: [{ index: 0, reason: 'guid: missing', raw: '{"message":"hi"}' }, { index: 1, reason: 'not UTF-8', raw: Buffer.from([0xff, 0x00]) }] });
    expect(queryInbox(folder.path, 'SELECT reason, raw FROM quarantine ORDER BY id')).toEqual([
      { reason: 'guid: missing', raw: Buffer.from('{"message":"hi"}') },
      { reason: 'not UTF-8', raw: Buffer.from([0xff, 0x00]) },
    ]);
    expect(inbox.status()).toMatchObject({ depth: 0, quarantined: 2 });
  });

  test('of nothing is accepted', async () => {
    await expect((await open()).accept({ messages: [], rejected: [] })).resolves.toBeUndefined();
  });

  test('whose GUID is known with another text is accepted, and logged by its GUID, without text and number', async () => {
    const inbox = await open();
    await inbox.accept({ messages: [aMessage({ guid: 'short-guid', text: 'first' })], rejected: [] });
    await inbox.accept({ messages: [aMessage({ guid: 'short-guid', text: 'second' })], rejected: [] });
    expect(inbox.status()).toMatchObject({ depth: 1, quarantined: 1 });
    expect(log.events).toEqual([expect.objectContaining({ level: 40, event: 'guid-conflict', guid: 'short-guid' })]);
    expect(JSON.stringify(log.events)).not.toMatch(/second|\+1555/);
  });
});

describe('more messages than may wait', () => {
  test.each<[string, (inbox: Inbox) => Promise<void>]>([
    ['a message', (inbox) => deliver(inbox, 'one-too-many')],
    ['a rejected one', (inbox) => inbox.accept({ messages: [], rejected: [{ index: 0, reason: 'x', raw: 'y' }] })],
  ])('are refused at once, and are welcome later: %s', async (_what, deliverOneMore) => {
    const inbox = await open({ deadlineMs: 60_000 });
    const release = hold();
    const rejected = [{ index: 0, reason: 'x', raw: 'y' }];
    const waiting = [...numbered(9, 'batch').map((prefix) => deliver(inbox, ...numbered(1_000, prefix))), deliver(inbox, ...numbered(999, 'last')), inbox.accept({ messages: [], rejected })];
    const refused = deliverOneMore(inbox);
    refused.catch(() => {});
    expect(await isSettled(refused)).toBe(true);
    expect(await rejection(refused)).toMatchObject({ name: 'NotAcceptedError', message: expect.stringContaining('10000') });
    expect(await isSettled(Promise.race(waiting))).toBe(false);
    release();
    await Promise.all(waiting);
    expect(rows()).toHaveLength(9_999);
    await deliverOneMore(inbox);
  });
});

describe('a disk that hangs', () => {
  test('leaves a delivery not accepted at its deadline; what it brought is safe later, and a redelivery is a duplicate', async () => {
    const inbox = await open({ deadlineMs: 200 });
    expect(inbox.ready()).toBeUndefined();
    const release = hold();
    const beganAt = performance.now();
    const late = await rejection(Promise.race([deliver(inbox, 'a'), deliver(inbox, 'b')]));
    expect(late).toBeInstanceOf(NotAcceptedError);
    expect(performance.now() - beganAt).toBeGreaterThanOrEqual(190);
    expect(performance.now() - beganAt).toBeLessThan(2_000);
    expect(await rejection(deliver(inbox, 'c'))).toBeInstanceOf(NotAcceptedError);
    expect(inbox.ready()).toBe('the inbox cannot commit in time');
    expect(rows()).toEqual([]);

    release();
    await eventually(() => inbox.ready() === undefined);
    await deliver(inbox, 'a', 'b', 'c', 'd');
    expect(guidsOf(rows())).toEqual(['a', 'b', 'c', 'd']);
    expect(broken).toEqual([]);
  });

  test('gives a delivery its whole time, however long others have waited', async () => {
    const inbox = await open({ deadlineMs: 300 });
    const release = hold();
    await rejection(deliver(inbox, 'a'));
    const second = deliver(inbox, 'b');
    release();
    await second;
    expect(guidsOf(rows())).toEqual(['a', 'b']);
  });
});

test('a commit that fails is refused and said once; the inbox heals by itself and keeps its notes', async () => {
  const inbox = await open({ deadlineMs: 60_000 });
  await deliver(inbox, 'a');
  const release = hold();
  inbox.forwarded(rows()[0]?.seq as number, '+15550001234');
  // SQLite gives up after 5 s.
  expect(await rejection(deliver(inbox, 'b'))).toMatchObject({ name: 'NotAcceptedError', message: 'the inbox cannot commit (SQLITE_BUSY)' });
  expect(inbox.ready()).toBe('the inbox cannot commit');
  release();
  await eventually(() => inbox.ready() === undefined);
  await eventually(() => rows().length === 0);
  expect(eventNames()).toEqual(['inbox.failing', 'inbox.healed']);
  await deliver(inbox, 'b');
  expect(guidsOf(rows())).toEqual(['b']);
  expect(broken).toEqual([]);
});

test('less than 64 MB of free space makes it not ready, and more makes it ready again', async () => {
  const inbox = await open();
  disk.freeBytes = 64 * 1_048_576 - 1;
  expect(await eventually(() => inbox.ready())).toBe('less than 64 MB are free on the disk of DATA_DIR');
  await deliver(inbox, 'a');
  disk.freeBytes++;
  await eventually(() => inbox.ready() === undefined);
});

test('whoever forwards is told of each commit that brought something new, and of no other', async () => {
  const inbox = await open();
  let told = 0;
  inbox.onAccepted(() => told++);
  await deliver(inbox, 'a', 'b');
  expect(told).toBe(1);
  await deliver(inbox, 'a');
  await inbox.accept({ messages: [], rejected: [{ index: 0, reason: 'x', raw: 'y' }] });
  expect(told).toBe(1);
  await deliver(inbox, 'a', 'c');
  expect(told).toBe(2);
});

describe('notes of the forwarder', () => {
  test('are committed within a moment, without any delivery', async () => {
    const inbox = await open();
    await deliver(inbox, 'a', 'b', 'c');
    const [a, b] = rows().map(({ seq }) => seq) as [number, number];
    inbox.forwarded(a, '+15550001234');
    inbox.stuck(b, 'refused', 1_000);
    await eventually(() => rows().length === 2, { withinMs: 2_000 });
    expect(queryInbox(folder.path, 'SELECT retry_at, stuck_reason FROM pending ORDER BY seq')).toEqual([{ retry_at: 1_000, stuck_reason: 'refused' }, { retry_at: null, stuck_reason: null }]);
    await eventually(() => inbox.status().depth === 2 && inbox.status().stuck === 1);
    expect(guidsOf(await inbox.page({ stuck: false, afterSeq: 0, limit: 10 }))).toEqual(['c']);
    expect(guidsOf(await inbox.page({ stuck: true, afterSeq: 0, limit: 10 }))).toEqual(['b']);
  });

  test('are committed by close()', async () => {
    const inbox = await open();
    await deliver(inbox, 'a', 'b');
    inbox.forwarded(rows()[0]?.seq as number, '+15550001234');
    await inbox.close();
    expect(guidsOf(rows())).toEqual(['b']);
    const again = await open();
    expect(again.status()).toMatchObject({ depth: 1 });
  });
});

test('close() waits for the deliveries under way', async () => {
  const inbox = await open();
  const delivery = deliver(inbox, 'a');
  await inbox.close();
  await delivery;
  expect(guidsOf(rows())).toEqual(['a']);
});

test('what was accepted is there when the inbox is opened again', async () => {
  const first = await open();
  await deliver(first, 'a', 'b');
  await first.close();
  const second = await open();
  expect(guidsOf(await second.page({ stuck: false, afterSeq: 0, limit: 10 }))).toEqual(['a', 'b']);
  await deliver(second, 'b');
  expect(second.status().depth).toBe(2);
});

describe('an inbox that cannot be opened', () => {
  const opening = () => rejection(openInbox({ dataDir: folder.path, dedupDays: 30, log: log.log, onBroken: (error) => broken.push(error), threadUrl }));

  test('since a newer version has made it says so', async () => {
    const newer = new Database(path.join(folder.path, 'inbox.sqlite'));
    newer.pragma('user_version = 3');
    newer.close();
    const error = await opening();
    expect(error).toBeInstanceOf(InboxUnusableError);
    expect(error).toMatchObject({ message: expect.stringContaining('was made by a newer Answerback (schema 3') });
  });

  test('since its file is no database says so', async () => {
    await writeFile(path.join(folder.path, 'inbox.sqlite'), 'somebody’s notes, '.repeat(100));
    const error = await opening();
    expect(error).toBeInstanceOf(InboxUnusableError);
    expect(error).toMatchObject({ message: expect.stringContaining('file is not a database') });
  });

  test('since it is open already says so', async () => {
    await open();
    expect(await opening()).toMatchObject({ name: 'InboxUnusableError', message: expect.stringContaining('Another Answerback writes the inbox') });
    expect(broken).toEqual([]);
  });
});

describe('a thread', () => {
  /** A thread that opens and then goes by this script; it writes down each commit. */
  async function openScripted(onCommit: string): Promise<{ inbox: Inbox; commits: () => Promise<number> }> {
    const commits = path.join(folder.path, 'commits');
    appendFileSync(commits, '');
    const script = `
      import { appendFileSync } from 'node:fs';
      import { parentPort, workerData } from 'node:worker_threads';
      const status = { depth: 0, stuck: 0, oldestAtMs: null, quarantined: 0 };
      parentPort.on('message', ({ type }) => {
        if (type === 'close') return parentPort.close();
        appendFileSync(workerData.dataDir + '/commits', 'x');
        ${onCommit}
      });
      parentPort.postMessage({ type: 'open', status });`;
    return {
      inbox: await open({ threadUrl: new URL(`data:text/javascript,${encodeURIComponent(script)}`) }),
      commits: async () => (await readFile(commits)).length,
    };
  }

  test.each(['SQLITE_IOERR_FSYNC', 'SQLITE_IOERR', 'SQLITE_CORRUPT', 'SQLITE_NOTADB'])('whose commit ends with %s is never asked again: the process must end', async (code) => {
    const { inbox, commits } = await openScripted(`parentPort.postMessage({ type: 'failed', code: '${code}', message: 'disk I/O error' });`);
    inbox.forwarded(1, '+15550001234');
    expect(await rejection(deliver(inbox, 'a'))).toBeInstanceOf(NotAcceptedError);
    expect(broken).toEqual([expect.any(InboxUnusableError)]);
    expect(broken[0]?.message).toContain(code);
    expect(await rejection(deliver(inbox, 'b'))).toBeInstanceOf(NotAcceptedError);
    expect(inbox.ready()).toBe('the inbox cannot commit');
    await inbox.close();
    expect(await commits()).toBe(1);
    expect(broken).toHaveLength(1);
  });

  test.each([
    ['ends', `throw new Error('out of memory');`],
    ['finds the disk broken while nobody waits', `parentPort.postMessage({ type: 'broken', code: 'SQLITE_IOERR_FSYNC', message: 'disk I/O error' });`],
  ])('that %s takes what waits down with it, and the process', async (_what, onCommit) => {
    const { inbox } = await openScripted(onCommit);
    expect(await rejection(deliver(inbox, 'a'))).toBeInstanceOf(NotAcceptedError);
    expect(broken).toEqual([expect.any(InboxUnusableError)]);
    expect(inbox.ready()).toBe('the inbox cannot commit');
    await inbox.close();
  });

  test('whose disk was full for a moment is asked again although nobody has anything for it', async () => {
    const { inbox, commits } = await openScripted(`
      globalThis.failed ? parentPort.postMessage({ type: 'committed', fresh: 0, conflicts: [], status })
        : parentPort.postMessage({ type: 'failed', code: 'SQLITE_FULL', message: 'database or disk is full' });
      globalThis.failed = true;`);
    expect(await rejection(deliver(inbox, 'a'))).toBeInstanceOf(NotAcceptedError);
    expect(inbox.ready()).toBe('the inbox cannot commit');
    await eventually(() => inbox.ready() === undefined, { withinMs: 5_000 });
    expect(eventNames()).toEqual(['inbox.failing', 'inbox.healed']);
    expect(await commits()).toBe(2);
  });

  test('whose disk is full is asked again once a second for notes, at once for deliveries, and lets close() end', async () => {
    const { inbox, commits } = await openScripted(`parentPort.postMessage({ type: 'failed', code: 'SQLITE_FULL', message: 'database or disk is full' });`);
    inbox.forwarded(1, '+15550001234');
    expect(await rejection(deliver(inbox, 'a'))).toMatchObject({ message: 'the inbox cannot commit (SQLITE_FULL)' });
    expect(await commits()).toBe(1);
    expect(await rejection(deliver(inbox, 'b'))).toBeInstanceOf(NotAcceptedError);
    expect(await commits()).toBe(2);
    const since = performance.now();
    await eventually(async () => (await commits()) >= 4);
    expect(performance.now() - since).toBeGreaterThan(900);
    expect(eventNames()).toEqual(['inbox.failing']);
    await inbox.close();
    expect(await commits()).toBeLessThan(6);
    expect(broken).toEqual([]);
  });
});
