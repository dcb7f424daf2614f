import { open, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, type TestContext } from 'vitest';
import { openInbox } from '../../src/inbox/inbox.js';
import { createDiskImage } from './disk-image.js';
import { eventually } from '../kit/eventually.js';
import { freePort, freePorts } from '../kit/ports.js';
import { waitingIn } from '../helpers/inbox-file.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage, aPost } from '../helpers/messages.js';
import { type Product, startBuiltApi } from '../kit/product.js';
import { hasRoot } from '../helpers/root.js';
import { type TimedResponse, timedPost } from './timed-post.js';

type OnFinished = TestContext['onTestFinished'];

/** What a machine with other things to do may add to the api's own deadline. */
const refusedWithinMs = 1_500 + 400;

describe.skipIf(!hasRoot)('a full disk', () => {
  it('causes 503s and ends by itself when there is space again, with nothing lost', async ({ onTestFinished }) => {
    const { api, folder, get, ledger } = await startApiOnDisk(128, onTestFinished);
    for (let times = 0; times < 50; times++) expect((await ledger.post()).status).toBe(200);
    await eventually(async () => (await get('/readyz')).status === 200);

    await fill(path.join(folder, 'filler'));
    await eventually(async () => (await get('/readyz')).status === 503);
    const refused = await eventually(async () => refusal(await ledger.post()));
    expectProblem(refused);
    for (let times = 0; times < 5; times++) expectProblem(await ledger.post());
    expect((await get('/healthz')).status).toBe(200);
    expect(await (await get('/readyz')).json()).toMatchObject({ status: 503 });

    await rm(path.join(folder, 'filler'));
    await eventually(async () => (await ledger.post()).status === 200);
    await eventually(async () => (await get('/readyz')).status === 200);
    await expectAllKept(api, folder, ledger.acknowledged);
  });

  it('may also be caused by the backlog itself', async ({ onTestFinished }) => {
    const { api, folder, get, ledger } = await startApiOnDisk(24, onTestFinished);
    await fill(path.join(folder, 'ballast'), 8 * 1_048_576);
    // Less than 64 MB are free all the time: it takes messages, and says that one should not send it any.
    await eventually(async () => (await get('/readyz')).status === 503);

    for (const next of ['remove the ballast', 'keep it full'] as const) {
      const refused = await eventually(async () => refusal(await ledger.post({ messages: 20 })), { withinMs: 60_000 });
      expectProblem(refused);
      expect((await get('/healthz')).status).toBe(200);
      if (next === 'remove the ballast') {
        await rm(path.join(folder, 'ballast'));
        await eventually(async () => (await ledger.post({ messages: 20 })).status === 200);
      }
    }
    expect(ledger.acknowledged.length).toBeGreaterThan(200);
    await expectAllKept(api, folder, ledger.acknowledged);
  });

  it("may also hit the index of SQLite's log, where it looks like an I/O error", async ({ onTestFinished }) => {
    const disk = await createDiskImage(40);
    onTestFinished(disk.remove);
    const broken: Error[] = [];
    const threadUrl = new URL('../../dist/inbox/thread.js', import.meta.url);
    const inbox = await openInbox({
      dataDir: disk.folder,
      log: silentLog,
      onBroken: (error) => broken.push(error),
      threadUrl,
    });
    onTestFinished(() => inbox.close());
    // A tool that reads keeps the log from starting again.
    const reader = new Database(path.join(disk.folder, 'inbox.sqlite'), { readonly: true });
    onTestFinished(() => void reader.close());
    reader.exec('BEGIN; SELECT count(*) FROM entries');
    const pages = async () => (await stat(path.join(disk.folder, 'inbox.sqlite-wal'))).size / 4_120;
    const accept = (count: number) =>
      inbox.accept({
        messages: Array.from({ length: count }, () => aMessage({ text: 'x'.repeat(3_000) })),
        rejected: [],
      });

    // Its first part knows 4,062 pages; the next one takes 32 KB.
    while ((await pages()) < 4_020) await accept(5);
    const filler = path.join(disk.folder, 'filler');
    await fill(filler);
    const refusals: string[] = [];
    while ((await pages()) < 4_080 && broken.length === 0) {
      await accept(1).catch(async (error: Error) => {
        refusals.push(error.message);
        await truncate(filler, (await stat(filler)).size - 4_096);
      });
    }
    expect(refusals.join()).toContain('SQLITE_IOERR_SHMSIZE');
    expect(broken).toEqual([]);
    await rm(filler);
    await accept(1);
  });
});

/** The api on a disk of its own, in front of no Temporal, so that everything stays in the inbox. */
async function startApiOnDisk(megabytes: number, onFinished: OnFinished) {
  const disk = await createDiskImage(megabytes);
  onFinished(disk.remove);
  const ports = await freePorts();
  const api = await startBuiltApi({
    ...ports,
    DATA_DIR: disk.folder,
    TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
  });
  onFinished(async () => {
    api.child.kill('SIGKILL');
    await api.exitCode;
  });
  const get = (page: string) => fetch(`http://127.0.0.1:${ports.PORT}${page}`);
  return { api, folder: disk.folder, get, ledger: createLedger(api.webhook) };
}

function createLedger(webhook: string) {
  const acknowledged: string[] = [];
  return {
    acknowledged,
    async post({ messages = 1 } = {}): Promise<TimedResponse> {
      const posts = Array.from({ length: messages }, () => aPost({ message: 'x'.repeat(4_000) }));
      const response = await timedPost(webhook, messages === 1 ? posts[0] : { messages: posts });
      if (response.status === 200) acknowledged.push(...posts.map(({ guid }) => guid as string));
      return response;
    },
  };
}

/** Any response but 200. */
const refusal = (response: TimedResponse) => (response.status === 200 ? undefined : response);

function expectProblem({ status, headers, body, tookMs }: TimedResponse): void {
  expect({ status, type: headers.get('content-type') }).toEqual({ status: 503, type: 'application/problem+json' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(body).toMatchObject({ status: 503, type: '/problems/not-accepted' });
  expect(tookMs).toBeLessThan(refusedWithinMs);
}

async function expectAllKept(api: Product, folder: string, acknowledged: readonly string[]): Promise<void> {
  expect(await api.stop(), api.output()).toBe(0);
  const waiting = new Set(waitingIn(folder));
  expect(acknowledged.filter((guid) => !waiting.has(guid))).toEqual([]);
  console.log(`disk full: ${acknowledged.length} acknowledged, all of them kept`);
}

/** Writes a file of this size, or until nothing more fits on the disk. */
async function fill(file: string, bytes = Infinity): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (let size = 1_048_576, written = 0; size >= 1 && written < bytes;) {
      try {
        written += (await handle.write(Buffer.alloc(size))).bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 16);
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
