import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NotAcceptedError } from '../../src/domain/intake.js';
import type { Inbox } from '../../src/inbox/inbox.js';
import { InboxUnusableError } from '../../src/inbox/schema.js';
import { rejection } from '../helpers/activity.js';
import { eventually } from '../kit/eventually.js';
import { broken, accept, eventNames, folder, open, useInbox } from './inbox-setup.js';

useInbox();

describe('a thread', () => {
  /** A thread that opens and then goes by this script; it writes down each commit. */
  async function openScripted(onCommit: string): Promise<{ inbox: Inbox; commits: () => Promise<number> }> {
    const commits = path.join(folder.path, 'commits');
    appendFileSync(commits, '');
    const script = `
      import { appendFileSync } from 'node:fs';
      import { parentPort, workerData } from 'node:worker_threads';
      const status = { depth: 0, stuck: 0, oldestAtMs: null, quarantined: 0, evicted: 0 };
      parentPort.on('message', ({ operation }) => {
        if (operation === 'close') return parentPort.close();
        appendFileSync(workerData.dataDir + '/commits', 'x');
        ${onCommit}
      });
      parentPort.postMessage({ type: 'done', status });`;
    return {
      inbox: await open({ threadUrl: new URL(`data:text/javascript,${encodeURIComponent(script)}`) }),
      commits: async () => (await readFile(commits)).length,
    };
  }

  it.each(['SQLITE_IOERR_FSYNC', 'SQLITE_IOERR', 'SQLITE_CORRUPT', 'SQLITE_NOTADB'])(
    'whose commit ends with %s is never used again: the process must end',
    async (code) => {
      const { inbox, commits } = await openScripted(
        `parentPort.postMessage({ type: 'failed', code: '${code}', message: 'disk I/O error' });`,
      );
      inbox.forwarded(1);
      expect(await rejection(accept(inbox, 'a'))).toBeInstanceOf(NotAcceptedError);
      expect(broken).toEqual([expect.any(InboxUnusableError)]);
      expect(broken[0]?.message).toContain(code);
      expect(await rejection(accept(inbox, 'b'))).toBeInstanceOf(NotAcceptedError);
      expect(inbox.ready()).toBe('the inbox cannot commit');
      await inbox.close();
      expect(await commits()).toBe(1);
      expect(broken).toHaveLength(1);
    },
  );

  it.each([
    ['ends', `throw new Error('out of memory');`],
    [
      'finds the disk broken while nothing waits',
      `parentPort.postMessage({ type: 'broken', code: 'SQLITE_IOERR_FSYNC', message: 'disk I/O error' });`,
    ],
  ])('that %s ends what waits, and the process', async (_what, onCommit) => {
    const { inbox } = await openScripted(onCommit);
    expect(await rejection(accept(inbox, 'a'))).toBeInstanceOf(NotAcceptedError);
    expect(broken).toEqual([expect.any(InboxUnusableError)]);
    expect(inbox.ready()).toBe('the inbox cannot commit');
    await inbox.close();
  });

  it('whose disk was full for a moment is checked again without new work', async () => {
    const { inbox, commits } = await openScripted(`
      globalThis.failed ? parentPort.postMessage({ type: 'done', status })
        : parentPort.postMessage({ type: 'failed', code: 'SQLITE_FULL', message: 'database or disk is full' });
      globalThis.failed = true;`);
    expect(await rejection(accept(inbox, 'a'))).toBeInstanceOf(NotAcceptedError);
    expect(inbox.ready()).toBe('the inbox cannot commit');
    await eventually(() => inbox.ready() === undefined, { withinMs: 5_000 });
    expect(eventNames()).toEqual(['inbox.failed', 'inbox.recovered']);
    expect(await commits()).toBe(2);
  });

  it('whose disk is full retries notes once a second and posts at once, and lets close() end', async () => {
    const { inbox, commits } = await openScripted(
      `parentPort.postMessage({ type: 'failed', code: 'SQLITE_FULL', message: 'database or disk is full' });`,
    );
    inbox.forwarded(1);
    expect(await rejection(accept(inbox, 'a'))).toMatchObject({ message: 'the inbox cannot commit (SQLITE_FULL)' });
    expect(await commits()).toBe(1);
    expect(await rejection(accept(inbox, 'b'))).toBeInstanceOf(NotAcceptedError);
    expect(await commits()).toBe(2);
    const since = performance.now();
    await eventually(async () => (await commits()) >= 4);
    expect(performance.now() - since).toBeGreaterThan(900);
    expect(eventNames()).toEqual(['inbox.failed']);
    await inbox.close();
    expect(await commits()).toBeLessThan(6);
    expect(broken).toEqual([]);
  });
});
