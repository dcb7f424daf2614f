import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { freePort, freePorts } from '../kit/ports.js';
import { waitingIn } from '../helpers/inbox-file.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { type Product, startBuiltApi } from '../kit/product.js';
import { hasRoot } from '../helpers/root.js';
import { inject } from './strace.js';
import { type TimedResponse, timedPost } from './timed-post.js';
import { startInboxWriter } from './writer.js';

describe.skipIf(!hasRoot)('a disk that syncs slowly, hangs or fails', () => {
  let data: Awaited<ReturnType<typeof dataFolder>>;
  let env: Parameters<typeof startBuiltApi>[0];
  let api: Product;
  let acknowledged: string[];
  let cleanUp: Array<() => Promise<unknown>>;

  beforeEach(async () => {
    data = await dataFolder();
    env = { ...(await freePorts()), DATA_DIR: data.path, TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` };
    acknowledged = [];
    cleanUp = [];
    await start();
    // Once without a fault: what a first commit does besides is done.
    expect((await post()).status).toBe(200);
  });
  afterEach(async () => {
    for (const step of cleanUp.reverse()) await step();
    await data.remove();
  });

  async function start(): Promise<void> {
    const started = (api = await startBuiltApi(env));
    cleanUp.push(async () => {
      started.child.kill('SIGKILL');
      await started.exitCode;
    });
  }

  async function post(one = aPost()): Promise<TimedResponse> {
    const response = await timedPost(api.webhook, one);
    if (response.status === 200) acknowledged.push(one['guid'] as string);
    return response;
  }

  async function injectIntoSyncs(pid: number, fault: string): Promise<() => Promise<void>> {
    const detach = await inject(pid, 'fsync,fdatasync', fault);
    cleanUp.push(detach);
    return detach;
  }

  const healthz = () => fetch(`http://127.0.0.1:${env.PORT}/healthz`);
  const readyz = () => fetch(`http://127.0.0.1:${env.PORT}/readyz`);
  const expectAllKept = () => {
    const waiting = new Set(waitingIn(data.path));
    expect(acknowledged.filter((guid) => !waiting.has(guid))).toEqual([]);
  };

  it('300 ms a sync: every post waits for its own and gets a 200', async () => {
    const detach = await injectIntoSyncs(api.child.pid as number, 'delay_enter=300000');
    const responses: Promise<TimedResponse>[] = [];
    for (let times = 0; times < 60; times++) {
      responses.push(post());
      await sleep(50);
    }
    const all = await Promise.all(responses);
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
    expect(Math.min(...all.map(({ tookMs }) => tookMs))).toBeGreaterThan(300);
    console.log(
      `300 ms a sync: ${all.length} answered 200, within ${Math.round(Math.max(...all.map(({ tookMs }) => tookMs)))} ms`,
    );
    await detach();
    // The control: without the fault it is faster, so that the check above would have seen a response before its sync.
    await eventually(async () => (await post()).tookMs < 300);
    expectAllKept();
  });

  it('a sync that hangs for 5 s: 503 in time, nothing acknowledged before, healthy meanwhile, and recovered by itself', async () => {
    await injectIntoSyncs(api.child.pid as number, 'delay_enter=5000000:when=1');
    const from = performance.now();
    const posts = [aPost(), aPost(), aPost()];
    const first = await Promise.all(posts.map(post));
    expect(first.map(({ status }) => status)).toEqual([503, 503, 503]);
    for (const { tookMs } of first) expect(tookMs).toBeLessThan(2_000);
    expect(first[0]?.headers.get('retry-after')).not.toBeNull();
    await eventually(async () => (await readyz()).status === 503);

    while (performance.now() - from < 4_500) {
      const asked = performance.now();
      expect((await healthz()).status).toBe(200);
      expect(performance.now() - asked).toBeLessThan(1_000);
      await sleep(200);
    }
    const response = await eventually(async () => {
      const response = await post(posts[0]);
      return response.status === 200 ? response : undefined;
    });
    expect(response.status).toBe(200);
    expect(performance.now() - from).toBeGreaterThan(5_000);
    await eventually(async () => (await readyz()).status === 200);
    expect((await post()).status).toBe(200);
    expectAllKept();
  });

  it('1,000 posts of one GUID while the first sync hangs: none is acknowledged before it is durable', async () => {
    await injectIntoSyncs(api.child.pid as number, 'delay_enter=5000000:when=1');
    const from = performance.now();
    const one = aPost();
    const postAll = () => Promise.all(Array.from({ length: 1_000 }, () => post(one)));
    const early = await postAll();
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(early.filter(({ status }) => status !== 503)).toEqual([]);

    await eventually(async () => (await post(one)).status === 200);
    expect(performance.now() - from).toBeGreaterThan(5_000);
    const late = await postAll();
    expect(late.filter(({ status }) => status !== 200)).toEqual([]);
    // Each post is an entry; Temporal finds that they are the same message.
    expect(waitingIn(data.path).filter((guid) => guid === one['guid']).length).toBeGreaterThan(late.length);
    console.log(
      `one GUID 1,000 times: ${early.length} times 503 while the sync hung, ${late.length} times 200 after it`,
    );
  });

  it('1,000 posts of one GUID while the first sync takes 1 s: all wait for it', async () => {
    await injectIntoSyncs(api.child.pid as number, 'delay_enter=1000000:when=1');
    const from = performance.now();
    const one = aPost();
    const moments: number[] = [];
    const responses = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const { status } = await post(one);
        if (status === 200) moments.push(performance.now() - from);
        return status;
      }),
    );
    expect(new Set(responses)).toContain(200);
    expect(responses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(Math.min(...moments)).toBeGreaterThan(1_000);
    expect(waitingIn(data.path).filter((guid) => guid === one['guid']).length).toBeGreaterThanOrEqual(moments.length);
    console.log(
      `one GUID 1,000 times: ${moments.length} times 200, the first after ${Math.round(Math.min(...moments))} ms`,
    );
  });

  it.for(['FULL', 'NORMAL'] as const)(
    'is a test that can fail: while a sync hangs, an inbox with synchronous=%s',
    async (synchronous) => {
      const folder = await dataFolder();
      cleanUp.push(() => folder.remove());
      const writer = await startInboxWriter(folder.path, synchronous);
      cleanUp.push(() => writer.kill());
      await injectIntoSyncs(writer.pid, 'delay_enter=3000000');
      const before = (await writer.acknowledged()).length;
      await sleep(2_000);
      const during = (await writer.acknowledged()).length - before;
      // One commit may have been past its sync when strace came.
      if (synchronous === 'FULL') expect(during).toBeLessThanOrEqual(5);
      else expect(during).toBeGreaterThan(50);
    },
  );

  it('a sync that fails: 503, then the process ends, and a start finds all that was acknowledged', async () => {
    for (let times = 0; times < 20; times++) await post();
    await injectIntoSyncs(api.child.pid as number, 'error=EIO');
    const from = performance.now();
    expect((await post()).status).toBe(503);
    expect(await api.exitCode).toBe(1);
    console.log(`EIO: the process ended after ${Math.round(performance.now() - from)} ms`);
    expect(performance.now() - from).toBeLessThan(15_000);
    expect(api.output()).toContain('The disk of the inbox failed (SQLITE_IOERR_FSYNC');
    expect(api.output()).toContain('check the disk, then start again');
    expect(api.output()).not.toMatch(/^\s+at |node:internal/m);

    await start();
    expect((await post()).status).toBe(200);
    expect(acknowledged.length).toBe(22);
    expectAllKept();
  });

  it.each([
    ['a used-up disk quota', 'EDQUOT', 0],
    ['a write that fails, which is the control', 'EIO', 1],
  ])('%s: 503, and only a broken disk ends the process', async (_, error, isEnded) => {
    const heal = await inject(api.child.pid as number, 'pwrite64', `error=${error}`);
    cleanUp.push(heal);
    for (let times = 0; times < 3 - 2 * isEnded; times++) expect((await post()).status).toBe(503);
    if (isEnded) return expect(await api.exitCode).toBe(1);
    expect((await healthz()).status).toBe(200);
    expect((await readyz()).status).toBe(503);
    await eventually(() => api.output().includes('the disk quota is used up'));

    await heal();
    await eventually(async () => (await readyz()).status === 200);
    for (let times = 0; times < 3; times++) expect((await post()).status).toBe(200);
    expect(await api.stop()).toBe(0);
    expectAllKept();
  });
});
