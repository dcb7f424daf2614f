import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Forwarder, type ForwarderSettings, startForwarder } from '../../src/inbox/forwarder.js';
import { type Inbox, openInbox } from '../../src/inbox/inbox.js';
import type { InboundMessage } from '../../src/message.js';
import { eventually } from '../helpers/eventually.js';
import { guidsOf, threadUrl } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../helpers/product.js';

class Refusal extends Error {}

/** Temporal as the forwarder sees it. */
function fakeTemporal() {
  const attempts: Array<{ guid: string; atMs: number }> = [];
  const started: string[] = [];
  const refused = new Set<string>();
  const held: Array<() => void> = [];
  const state = { away: false, hold: false, running: 0, mostAtOnce: 0 };
  async function startWorkflow({ guid }: InboundMessage) {
    attempts.push({ guid, atMs: performance.now() });
    state.mostAtOnce = Math.max(state.mostAtOnce, ++state.running);
    if (state.hold) await new Promise<void>((resolve) => held.push(resolve));
    else await new Promise((resolve) => setImmediate(resolve));
    state.running--;
    if (state.away) throw new Error('14 UNAVAILABLE');
    if (refused.has(guid)) throw new Refusal('Failed to start Workflow', { cause: new Error('Blob data size exceeds limit.') });
    if (!started.includes(guid)) started.push(guid);
  }
  return {
    startWorkflow,
    attempts,
    begun: () => attempts.map(({ guid }) => guid),
    started,
    refused,
    state,
    /** Lets the oldest start that is held go on. */
    releaseOne: () => held.shift()?.(),
    releaseAll() {
      state.hold = false;
      for (const release of held.splice(0)) release();
    },
  };
}

let folder: Awaited<ReturnType<typeof dataFolder>>;
let log: ReturnType<typeof recordingLog>;
let temporal: ReturnType<typeof fakeTemporal>;
let inbox: Inbox;
let forwarders: Forwarder[];
beforeEach(async () => {
  folder = await dataFolder();
  log = recordingLog();
  temporal = fakeTemporal();
  forwarders = [];
  inbox = await open(folder.path);
});
afterEach(async () => {
  vi.useRealTimers();
  temporal.releaseAll();
  await Promise.all(forwarders.map((forwarder) => forwarder.stop(0)));
  await inbox.close();
  await folder.remove();
});

const open = (dataDir: string) => openInbox({ dataDir, dedupDays: 30, log: log.log, onBroken: (error) => expect.unreachable(error.message), threadUrl });

function start(settings: Partial<ForwarderSettings> = {}): Forwarder {
  const forwarder = startForwarder({ inbox, startWorkflow: temporal.startWorkflow, isRefusal: (error) => error instanceof Refusal, log: log.log, ...settings });
  forwarders.push(forwarder);
  return forwarder;
}

const deliver = (...guids: string[]) => inbox.accept({ messages: guids.map((guid) => aMessage({ guid, text: 'private' })), rejected: [] });
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
const rows = () => queryInbox<{ seq: number; message: string; retry_at: number | null; stuck_reason: string | null }>(folder.path, 'SELECT * FROM pending ORDER BY seq');
const allForwarded = () => eventually(() => inbox.status().depth === 0);
const eventNames = () => log.events.map(({ event }) => event);

describe('what is accepted', () => {
  test('is forwarded as it comes, and its text erased', async () => {
    start();
    for (const guid of numbered(5)) await deliver(guid);
    await allForwarded();
    expect(temporal.started).toEqual(numbered(5));
    expect(rows()).toEqual([]);
    expect(log.events).toEqual([]);
  });

  test('before the start is forwarded too, the oldest first, however many pages that takes', async () => {
    await deliver(...numbered(450));
    start();
    await allForwarded();
    expect(temporal.begun()).toEqual(numbered(450));
  });

  test('of an earlier run comes before what is accepted now', async () => {
    await deliver(...numbered(3));
    await inbox.close();
    inbox = await open(folder.path);
    await deliver('new');
    start({ concurrency: 1 });
    await allForwarded();
    expect(temporal.begun()).toEqual(['m0', 'm1', 'm2', 'new']);
  });

  test('is started a few at a time, no more and no fewer', async () => {
    temporal.state.hold = true;
    await deliver(...numbered(20));
    start({ concurrency: 3 });
    await eventually(() => temporal.state.running === 3);
    temporal.releaseOne();
    await eventually(() => temporal.attempts.length === 4);
    temporal.releaseAll();
    await allForwarded();
    expect(temporal.state.mostAtOnce).toBe(3);
    expect(temporal.begun()).toEqual(numbered(20));
  });
});

describe('while Temporal is away', () => {
  test('one start at a time tries, ever more rarely; then all of it goes, in order, and two lines tell of it', async () => {
    temporal.state.away = true;
    await deliver(...numbered(30));
    start();
    // 10 at once find out; then one after 100, 200 and 400 ms.
    await eventually(() => temporal.attempts.length >= 13);
    const tries = temporal.attempts.slice(9);
    expect(tries.map(({ guid }) => guid).slice(1)).toEqual(['m0', 'm0', 'm0']);
    [100, 200, 400].forEach((pauseMs, index) => {
      const gapMs = (tries[index + 1]?.atMs ?? 0) - (tries[index]?.atMs ?? 0);
      expect(gapMs).toBeGreaterThan(pauseMs - 10);
    });
    await deliver('accepted-meanwhile');
    expect(eventNames()).toEqual(['temporal.away']);
    expect(temporal.attempts).toHaveLength(13);

    temporal.state.away = false;
    await allForwarded();
    expect(temporal.started).toEqual([...numbered(30), 'accepted-meanwhile']);
    expect(log.events.map(({ event, level }) => [event, level])).toEqual([['temporal.away', 40], ['temporal.returned', 30]]);
    expect(JSON.stringify(log.events)).not.toMatch(/private|\+1555/);
  });

  test('for long it is tried every 5 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const tries: number[] = [];
    let given = false;
    const memory: ForwarderSettings['inbox'] = {
      page: async () => (given ? [] : ((given = true), [{ seq: 1, message: JSON.stringify(aMessage()) }])),
      forwarded: () => {},
      stuck: () => {},
      onAccepted: () => {},
      status: () => ({ depth: 1, stuck: 0, oldestAtMs: 0, quarantined: 0 }),
    };
    let elapsedMs = 0;
    start({
      inbox: memory,
      startWorkflow: async () => {
        tries.push(elapsedMs);
        throw new Error('14 UNAVAILABLE');
      },
    });
    for (; elapsedMs < 30_000; elapsedMs += 100) await vi.advanceTimersByTimeAsync(100);
    expect(tries.slice(0, 7)).toEqual([0, 100, 300, 700, 1_500, 3_100, 6_300].map((ms) => Math.max(0, ms - 100)));
    const gaps = tries.slice(6).map((atMs, index, all) => (all[index + 1] ?? NaN) - atMs).slice(0, -1);
    expect(gaps).toEqual([5_000, 5_000, 5_000, 5_000]);
    expect(eventNames()).toEqual(['temporal.away']);
  });

  test('a start from before that ends well is no return', async () => {
    temporal.state.hold = true;
    await deliver('a', 'b', 'c');
    start({ concurrency: 2 });
    await eventually(() => temporal.state.running === 2);
    temporal.state.away = true;
    temporal.releaseOne();
    await eventually(() => eventNames().length === 1);
    temporal.state.away = false;
    temporal.releaseOne();
    await eventually(() => temporal.started.includes('b'));
    expect(eventNames()).toEqual(['temporal.away']);
    temporal.releaseAll();
    await allForwarded();
    expect(temporal.started).toEqual(['b', 'a', 'c']);
    expect(eventNames()).toEqual(['temporal.away', 'temporal.returned']);
  });

  test('once more, that is told once more', async () => {
    start();
    for (const guid of ['a', 'b']) {
      temporal.state.away = true;
      await deliver(guid);
      await eventually(() => eventNames().at(-1) === 'temporal.away');
      temporal.state.away = false;
      await allForwarded();
    }
    expect(eventNames()).toEqual(['temporal.away', 'temporal.returned', 'temporal.away', 'temporal.returned']);
  });
});

describe('a message that Temporal refuses', () => {
  test('is set aside for an hour and holds up nobody', async () => {
    temporal.refused.add('bad');
    await deliver('a', 'bad', 'b');
    start({ concurrency: 1 });
    await eventually(() => inbox.status().depth === 1 && inbox.status().stuck === 1);
    expect(temporal.begun()).toEqual(['a', 'bad', 'b']);
    const [row] = rows();
    expect(guidsOf(rows())).toEqual(['bad']);
    expect(row?.stuck_reason).toBe('Failed to start Workflow: Blob data size exceeds limit.');
    expect(Math.abs((row?.retry_at ?? 0) - Date.now() - 3_600_000)).toBeLessThan(10_000);
    expect(log.events).toEqual([expect.objectContaining({ level: 50, event: 'message.stuck' })]);
    expect(JSON.stringify(log.events)).not.toMatch(/private|\+1555/);
    await deliver('c');
    await eventually(() => inbox.status().depth === 1);
    expect(temporal.begun()).toEqual(['a', 'bad', 'b', 'c']);
  });

  test('is tried again when its time has come, and set aside again or gone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    temporal.refused.add('bad');
    await deliver('bad');
    start();
    await eventually(() => inbox.status().stuck === 1);
    const [{ seq } = { seq: 0 }] = rows();
    const aMinuteLater = async () => {
      vi.advanceTimersByTime(60_000);
      // A page that is asked for now is answered after the forwarder's.
      await inbox.page({ stuck: true, afterSeq: 0, limit: 1 });
    };
    await aMinuteLater();
    expect(temporal.attempts).toHaveLength(1);

    const dueNow = async () => {
      inbox.stuck(seq, 'refused', 1);
      await eventually(() => rows()[0]?.retry_at === 1);
    };
    await dueNow();
    await aMinuteLater();
    await eventually(() => temporal.attempts.length === 2 && (rows()[0]?.retry_at ?? 0) > Date.now());
    expect(eventNames()).toEqual(['message.stuck', 'message.stuck']);

    temporal.refused.clear();
    await dueNow();
    await aMinuteLater();
    await allForwarded();
    expect(temporal.attempts).toHaveLength(3);
    expect(rows()).toEqual([]);
  });
});

test('a crash between a start and its note is harmless: the next run starts it again and finds it there', async () => {
  const afterCrash = await dataFolder();
  onTestFinished(() => afterCrash.remove());
  await deliver('a');
  start({
    startWorkflow: async (message) => {
      await temporal.startWorkflow(message);
      for (const name of ['inbox.sqlite', 'inbox.sqlite-wal']) copyFileSync(path.join(folder.path, name), path.join(afterCrash.path, name));
    },
  });
  await allForwarded();

  const next = await open(afterCrash.path);
  expect(next.status().depth).toBe(1);
  const forwarder = startForwarder({ inbox: next, startWorkflow: temporal.startWorkflow, isRefusal: () => false, log: log.log });
  await eventually(() => next.status().depth === 0);
  await forwarder.stop(0);
  await next.close();
  expect(temporal.begun()).toEqual(['a', 'a']);
  expect(temporal.started).toEqual(['a']);
  expect(log.events).toEqual([]);
});

describe('stop', () => {
  test('forwards what is left, also what is accepted meanwhile, and then starts nothing more', async () => {
    temporal.state.hold = true;
    await deliver(...numbered(300));
    const forwarder = start();
    await eventually(() => temporal.state.running === 10);
    const stopped = forwarder.stop(10_000);
    await deliver('accepted-meanwhile');
    temporal.releaseAll();
    await stopped;
    expect(temporal.started).toEqual([...numbered(300), 'accepted-meanwhile']);
    await deliver('accepted-later');
    await inbox.close();
    expect(temporal.begun()).not.toContain('accepted-later');
    expect(guidsOf(rows())).toEqual(['accepted-later']);
    expect(log.events).toEqual([]);
  });

  test('with nothing to do ends at once', async () => {
    const forwarder = start();
    const since = performance.now();
    await forwarder.stop(10_000);
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(log.events).toEqual([]);
  });

  test('ends at its deadline and says what stays', async () => {
    temporal.state.hold = true;
    await deliver(...numbered(12));
    const forwarder = start();
    await eventually(() => temporal.state.running === 10);
    await forwarder.stop(100);
    expect(log.events).toEqual([expect.objectContaining({ event: 'inbox.left', depth: 12, msg: '12 message(s) stay in the inbox for the next start' })]);
    temporal.releaseAll();
    await eventually(() => temporal.state.running === 0);
    expect(temporal.begun()).toEqual(numbered(10));
  });

  test('while Temporal is away ends at once, says what stays, and tries no more', async () => {
    temporal.state.away = true;
    await deliver('a', 'b', 'c');
    const forwarder = start();
    await eventually(() => eventNames().includes('temporal.away'));
    const since = performance.now();
    await forwarder.stop(10_000);
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(eventNames()).toEqual(['temporal.away', 'inbox.left']);
    expect(log.events.at(-1)).toMatchObject({ depth: 3 });
    expect(rows()).toHaveLength(3);
  });
});

describe('an erasure', () => {
  const seqs = () => queryInbox<{ seq: number }>(folder.path, 'SELECT seq FROM pending ORDER BY seq').map(({ seq }) => seq);

  test('takes rows from memory, and waits for starts that are under way', async () => {
    temporal.state.hold = true;
    await inbox.accept({ messages: ['a', 'b', 'c'].map((guid) => aMessage({ guid })), rejected: [] });
    const forwarder = start({ concurrency: 1 });
    await eventually(() => temporal.begun().length === 1);
    let forgotten = false;
    const forget = forwarder.forget(seqs().slice(0, 2)).then(() => (forgotten = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(forgotten).toBe(false);
    temporal.releaseAll();
    await forget;
    await eventually(() => temporal.started.includes('c'));
    expect(temporal.started).toEqual(['a', 'c']);
  });

  test('starts nothing that a start gave back because Temporal is away', async () => {
    temporal.state.hold = true;
    temporal.state.away = true;
    await inbox.accept({ messages: ['a', 'b'].map((guid) => aMessage({ guid })), rejected: [] });
    const forwarder = start({ concurrency: 2 });
    await eventually(() => temporal.begun().length === 2);
    const forget = forwarder.forget(seqs());
    temporal.releaseOne();
    temporal.releaseAll();
    await forget;
    temporal.state.away = false;
    const begun = temporal.begun().length;
    await inbox.accept({ messages: [aMessage({ guid: 'c' })], rejected: [] });
    await eventually(() => temporal.started.includes('c'));
    expect(temporal.begun().slice(begun)).toEqual(['c']);
  });
});

test('a message that cannot be read is set aside with one line for many, and the others go', async () => {
  const rows = [1, 2, 3].map((seq) => ({ seq, message: JSON.stringify(aMessage({ guid: `g${seq}` })), ...(seq < 3 ? { message: '', unreadable: 'It is sealed with the key "k1"' } : {}) }));
  const stuck: number[] = [];
  let given = false;
  start({
    inbox: {
      page: async () => (given ? [] : ((given = true), rows)),
      forwarded: () => {},
      stuck: (seq, reason) => void (reason.includes('k1') && stuck.push(seq)),
      onAccepted: () => {},
      status: () => ({ depth: 0, stuck: 0, oldestAtMs: null, quarantined: 0 }),
    },
  });
  await eventually(() => temporal.started.includes('g3'));
  expect(stuck).toEqual([1, 2]);
  expect(log.events.filter(({ event }) => event === 'message.unreadable')).toMatchObject([{ messages: 2 }]);
});
