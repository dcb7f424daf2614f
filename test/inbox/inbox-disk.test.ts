import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { NotAcceptedError } from '../../src/domain/intake.js';
import { openInbox } from '../../src/inbox/inbox.js';
import { InboxUnusableError } from '../../src/inbox/schema.js';
import { rejection } from '../helpers/activity.js';
import { eventually } from '../kit/eventually.js';
import { guidsOf, threadUrl } from '../helpers/inbox.js';
import { broken, accept, eventNames, folder, hold, log, open, rows, useInbox } from './inbox-setup.js';

useInbox();

const disk = vi.hoisted(() => ({ freeBytes: undefined as number | undefined }));
vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const real = await importOriginal();
  const statfs = async (file: string) =>
    disk.freeBytes === undefined ? real.statfs(file) : { bavail: disk.freeBytes, bsize: 1 };
  return { ...real, statfs: statfs as typeof real.statfs };
});

describe('a disk that hangs', () => {
  it('rejects a post at its deadline; its messages are safe later', async () => {
    const inbox = await open({ deadlineMs: 200 });
    expect(inbox.ready()).toBeUndefined();
    const release = hold();
    const beganAt = performance.now();
    const late = await rejection(Promise.race([accept(inbox, 'a'), accept(inbox, 'b')]));
    expect(late).toBeInstanceOf(NotAcceptedError);
    expect(performance.now() - beganAt).toBeGreaterThanOrEqual(190);
    expect(performance.now() - beganAt).toBeLessThan(2_000);
    expect(await rejection(accept(inbox, 'c'))).toBeInstanceOf(NotAcceptedError);
    expect(inbox.ready()).toBe('the inbox cannot commit in time');
    expect(rows()).toEqual([]);

    release();
    await eventually(() => inbox.ready() === undefined);
    await accept(inbox, 'd');
    expect(guidsOf(rows())).toEqual(['a', 'b', 'c', 'd']);
    expect(broken).toEqual([]);
  });

  it('gives each post its full deadline, however long others have waited', async () => {
    const inbox = await open({ deadlineMs: 300 });
    const release = hold();
    await rejection(accept(inbox, 'a'));
    const second = accept(inbox, 'b');
    release();
    await second;
    expect(guidsOf(rows())).toEqual(['a', 'b']);
  });
});

it('a failed commit is reported once; the inbox recovers by itself and keeps its records', async () => {
  const inbox = await open({ deadlineMs: 60_000 });
  await accept(inbox, 'a');
  const release = hold();
  inbox.forwarded(rows()[0]?.seq as number);
  // SQLite gives up after 5 s.
  expect(await rejection(accept(inbox, 'b'))).toMatchObject({
    name: 'NotAcceptedError',
    message: 'the inbox cannot commit (SQLITE_BUSY)',
  });
  expect(inbox.ready()).toBe('the inbox cannot commit');
  release();
  await eventually(() => inbox.ready() === undefined);
  await eventually(() => rows().length === 0);
  expect(eventNames()).toEqual(['inbox.failed', 'inbox.recovered']);
  await accept(inbox, 'b');
  expect(guidsOf(rows())).toEqual(['b']);
  expect(broken).toEqual([]);
});

it('less than 64 MB of free space makes it not ready, and more makes it ready again', async () => {
  const inbox = await open();
  onTestFinished(() => void (disk.freeBytes = undefined));
  disk.freeBytes = 64 * 1_048_576 - 1;
  expect(await eventually(() => inbox.ready())).toBe('less than 64 MB are free on the disk of DATA_DIR');
  await accept(inbox, 'a');
  disk.freeBytes++;
  await eventually(() => inbox.ready() === undefined);
});

describe('an inbox that cannot be opened', () => {
  const opening = () =>
    rejection(
      openInbox({
        dataDir: folder.path,
        log: log.log,
        onBroken: (error) => broken.push(error),
        threadUrl,
      }),
    );

  it('of a newer version is named', async () => {
    const newer = new Database(path.join(folder.path, 'inbox.sqlite'));
    newer.pragma('user_version = 5');
    newer.close();
    const error = await opening();
    expect(error).toBeInstanceOf(InboxUnusableError);
    expect(error).toMatchObject({ message: expect.stringContaining('was created by a newer Answerback (schema 5') });
  });

  it('whose file is not a database is named', async () => {
    await writeFile(path.join(folder.path, 'inbox.sqlite'), 'not a database, '.repeat(100));
    const error = await opening();
    expect(error).toBeInstanceOf(InboxUnusableError);
    expect(error).toMatchObject({ message: expect.stringContaining('file is not a database') });
  });

  it('that is already open is named', async () => {
    await open();
    expect(await opening()).toMatchObject({
      name: 'InboxUnusableError',
      message: expect.stringContaining('is in use by another Answerback'),
    });
    expect(broken).toEqual([]);
  });
});
