import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Receipt } from '../../src/domain/receipt.js';
import { startForwarder } from '../../src/inbox/forwarder.js';
import { eventually } from '../kit/eventually.js';
import { guidsOf } from '../helpers/inbox.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import {
  allForwarded,
  accept,
  eventNames,
  folder,
  inbox,
  log,
  numbered,
  open,
  reopen,
  rows,
  start,
  temporal,
  useForwarder,
} from './forwarder-setup.js';

useForwarder();

describe('what is accepted', () => {
  it('is forwarded on arrival, and its text erased', async () => {
    start();
    for (const guid of numbered(5)) await accept(guid);
    await allForwarded();
    expect(temporal.started).toEqual(numbered(5));
    expect(rows()).toEqual([]);
    expect(log.events).toEqual([]);
  });

  it('before the start is forwarded too, the oldest first, over any number of pages', async () => {
    await accept(...numbered(450));
    start();
    await allForwarded();
    expect(temporal.begun()).toEqual(numbered(450));
  });

  it('by an earlier process is forwarded before new messages', async () => {
    await accept(...numbered(3));
    await reopen();
    await accept('new');
    start({ concurrency: 1 });
    await allForwarded();
    expect(temporal.begun()).toEqual(['m0', 'm1', 'm2', 'new']);
  });

  it('may be receipts: they are stored like messages, and survive an outage and a restart', async () => {
    const receipts = ['sent', 'delivered'].map((state) => ({ mark: 'm1.1', gateway: 'twilio', state }) as Receipt);
    temporal.state.away = true;
    const first = start();
    await inbox.accept({ messages: [aMessage({ id: 'm0' })], rejected: [], receipts });
    await first.stop(0);
    await reopen();
    expect(inbox.status().depth).toBe(3);
    temporal.state.away = false;
    start();
    await allForwarded();
    expect(temporal.started).toEqual(['m0']);
    expect(temporal.receipts).toEqual(receipts);
    expect(rows()).toEqual([]);
  });

  it('is started a few at a time, no more and no fewer', async () => {
    temporal.state.hold = true;
    await accept(...numbered(20));
    start({ concurrency: 3 });
    await eventually(() => temporal.state.running === 3);
    temporal.releaseOne();
    await eventually(() => temporal.attempts.length === 4);
    temporal.releaseAll();
    await allForwarded();
    expect(temporal.state.maxAtOnce).toBe(3);
    expect(temporal.begun()).toEqual(numbered(20));
  });
});

describe('behind a backlog', () => {
  it('every fourth start is of the newest message, and nothing is started twice', async () => {
    await accept(...numbered(1_500));
    for (let count = 0; count < 300; count++) await accept(`old${count}`);
    temporal.state.hold = true;
    start({ concurrency: 1 });
    await eventually(() => temporal.state.running === 1);
    for (const guid of ['fresh1', 'fresh2', 'fresh3']) await accept(guid);
    temporal.releaseAll();
    await allForwarded();
    const begun = temporal.begun();
    expect(begun).toHaveLength(1_803);
    expect(['fresh3', 'fresh2', 'fresh1'].map((guid) => begun.indexOf(guid))).toEqual([3, 7, 11]);
    const old = [...numbered(1_500), ...Array.from({ length: 300 }, (_, index) => `old${index}`)];
    expect(begun.filter((guid) => !guid.startsWith('fresh'))).toEqual(old);
  });
});

describe('a message that Temporal refuses', () => {
  it('is set aside and delays no other', async () => {
    temporal.refused.add('bad');
    await accept('a', 'bad', 'b');
    start({ concurrency: 1 });
    await eventually(() => inbox.status().depth === 1 && inbox.status().stuck === 1);
    expect(temporal.begun()).toEqual(['a', 'bad', 'b']);
    expect(guidsOf(rows())).toEqual(['bad']);
    const [row] = rows();
    expect(row?.stuck_reason).toBe('Failed to start Workflow: Blob data size exceeds limit.');
    expect(Math.abs((row?.retry_at ?? 0) - Date.now() - 30_000)).toBeLessThan(10_000);
    expect(log.events).toEqual([expect.objectContaining({ level: 50, event: 'message.stuck', guid: 'bad' })]);
    expect(JSON.stringify(log.events)).not.toMatch(/private|\+1555/);
    await accept('c');
    await eventually(() => inbox.status().depth === 1);
    expect(temporal.begun()).toEqual(['a', 'bad', 'b', 'c']);
  });

  it('is retried later, then set aside again or gone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    temporal.refused.add('bad');
    await accept('bad');
    start();
    await eventually(() => inbox.status().stuck === 1);
    const [{ seq } = { seq: 0 }] = rows();
    const tenSecondsLater = async () => {
      vi.advanceTimersByTime(10_000);
      // A page that is asked for now is answered after the forwarder's.
      await inbox.page({ stuck: false, after: 0 });
    };
    await tenSecondsLater();
    expect(temporal.attempts).toHaveLength(1);

    const dueNow = async () => {
      inbox.stuck(seq, { reason: 'refused', retryAtMs: 1 });
      await eventually(() => rows()[0]?.retry_at === 1);
    };
    await dueNow();
    await tenSecondsLater();
    await eventually(() => temporal.attempts.length === 2 && (rows()[0]?.retry_at ?? 0) > Date.now());
    expect(eventNames()).toEqual(['message.stuck']);

    temporal.refused.clear();
    await dueNow();
    await tenSecondsLater();
    await allForwarded();
    expect(temporal.attempts).toHaveLength(3);
    expect(rows()).toEqual([]);
  });
});

it('a crash between a start and its record is harmless: the next process starts it again and finds it there', async () => {
  const afterCrash = await dataFolder();
  onTestFinished(() => afterCrash.remove());
  await accept('a');
  start({
    startWorkflow: async (message) => {
      await temporal.startWorkflow(message);
      for (const name of ['inbox.sqlite', 'inbox.sqlite-wal'])
        copyFileSync(path.join(folder.path, name), path.join(afterCrash.path, name));
    },
  });
  await allForwarded();

  const next = await open(afterCrash.path);
  expect(next.status().depth).toBe(1);
  const forwarder = startForwarder({
    inbox: next,
    startWorkflow: temporal.startWorkflow,
    forwardReceipt: async () => {},
    takeOver: async () => {},
    isRefusal: () => false,
    log: log.log,
  });
  await eventually(() => next.status().depth === 0);
  await forwarder.stop(0);
  await next.close();
  expect(temporal.begun()).toEqual(['a', 'a']);
  expect(temporal.started).toEqual(['a']);
  expect(log.events).toEqual([]);
});

it('an entry that cannot be read is set aside with one line for many, and the others go', async () => {
  const entries = [1, 2, 3].map((seq) => ({
    seq,
    retryAtMs: null,
    lines: JSON.stringify(aMessage({ id: `g${seq}` })),
    ...(seq < 3 ? { lines: '', unreadable: 'It is sealed with the key "k1"' } : {}),
  }));
  const stuck: number[] = [];
  let given = false;
  start({
    inbox: {
      page: async () => ({ entries: given ? [] : ((given = true), entries), more: false }),
      forwarded: () => {},
      stuck: (seq, { reason }) => void (reason.includes('k1') && stuck.push(seq)),
      onAccepted: () => {},
      status: () => ({ depth: 0, stuck: 0, oldestAtMs: null, quarantined: 0, evicted: 0 }),
    },
  });
  await eventually(() => temporal.started.includes('g3'));
  expect(stuck).toEqual([1, 2]);
  expect(log.events.filter(({ event }) => event === 'message.unopened')).toMatchObject([{ entries: 2 }]);
});
