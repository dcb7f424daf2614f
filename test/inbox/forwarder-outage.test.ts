import { describe, expect, it, vi } from 'vitest';
import type { ForwarderOptions } from '../../src/inbox/forwarder.js';
import { eventually } from '../kit/eventually.js';
import { aMessage } from '../helpers/messages.js';
import { guidsOf } from '../helpers/inbox.js';
import {
  allForwarded,
  accept,
  eventNames,
  inbox,
  log,
  numbered,
  rows,
  start,
  temporal,
  useForwarder,
} from './forwarder-setup.js';
import type { InboundMessage } from '../../src/domain/message.js';

useForwarder();

describe('while Temporal is away', () => {
  it('one start at a time is tried, less and less often; then all is forwarded, in order, with two lines in the log', async () => {
    temporal.state.away = true;
    await accept(...numbered(30));
    start();
    await eventually(() => eventNames().includes('temporal.lost') && temporal.state.running === 0);
    // 10 that failed, and those that began meanwhile.
    const burst = temporal.attempts.length;
    expect(burst).toBeLessThan(20);
    await eventually(() => temporal.attempts.length >= burst + 3);
    const tries = temporal.attempts.slice(burst);
    // Each with the next message: the fault may be of one message only.
    expect(tries.map(({ guid }) => guid)).toEqual(numbered(burst + 3).slice(burst));
    [200, 400].forEach((pauseMs, index) => {
      const gapMs = (tries[index + 1]?.atMs ?? 0) - (tries[index]?.atMs ?? 0);
      expect(gapMs).toBeGreaterThan(pauseMs - 10);
    });
    await accept('accepted-meanwhile');
    expect(eventNames()).toEqual(['temporal.lost']);
    expect(temporal.attempts).toHaveLength(burst + 3);

    temporal.state.away = false;
    await allForwarded();
    // The next one finds that Temporal is back.
    const [others, [found, ...last]] = [numbered(burst + 3), numbered(30).slice(burst + 3)];
    expect(temporal.started).toEqual([found, ...others, ...last, 'accepted-meanwhile']);
    expect(log.events.map(({ event, level }) => [event, level])).toEqual([
      ['temporal.lost', 40],
      ['temporal.returned', 30],
    ]);
    expect(JSON.stringify(log.events)).not.toMatch(/private|\+1555/);
  });

  it('a long outage is probed every 5 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const tries: number[] = [];
    let given = false;
    const memory: ForwarderOptions['inbox'] = {
      page: async () => ({
        entries: given ? [] : ((given = true), [{ seq: 1, retryAtMs: null, lines: JSON.stringify(aMessage()) }]),
        more: false,
      }),
      forwarded: () => {},
      stuck: () => {},
      onAccepted: () => {},
      status: () => ({ depth: 1, stuck: 0, oldestAtMs: 0, quarantined: 0, evicted: 0 }),
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
    const gaps = tries
      .slice(6)
      .map((atMs, index, all) => (all[index + 1] ?? NaN) - atMs)
      .slice(0, -1);
    expect(gaps).toEqual([5_000, 5_000, 5_000, 5_000]);
    expect(eventNames()).toEqual(['temporal.lost']);
  });

  it('an earlier start that succeeds does not end the outage', async () => {
    temporal.state.hold = true;
    await accept('a', 'b', 'c', 'd', 'e', 'f');
    start({ concurrency: 3 });
    await eventually(() => temporal.state.running === 3);
    temporal.state.away = true;
    const failOne = async (index: number) => {
      const begun = temporal.attempts.length;
      temporal.releaseOne(index);
      await eventually(() => temporal.attempts.length > begun || eventNames().length > 0);
    };
    await failOne(0);
    await failOne(0);
    expect(eventNames()).toEqual([]);
    // Now c, d and e are held.
    await failOne(1);
    expect(eventNames()).toEqual(['temporal.lost']);
    temporal.state.away = false;
    temporal.releaseOne();
    await eventually(() => temporal.started.includes('c'));
    expect(eventNames()).toEqual(['temporal.lost']);
    temporal.releaseAll();
    await allForwarded();
    expect([...temporal.started].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(eventNames()).toEqual(['temporal.lost', 'temporal.returned']);
  });

  it('a second outage is logged again', async () => {
    start();
    for (const guid of ['a', 'b']) {
      temporal.state.away = true;
      await accept(guid);
      await eventually(() => eventNames().at(-1) === 'temporal.lost');
      temporal.state.away = false;
      await allForwarded();
    }
    expect(eventNames()).toEqual(['temporal.lost', 'temporal.returned', 'temporal.lost', 'temporal.returned']);
  });
});

describe('a message whose start fails while others succeed', () => {
  const failing = (guid: string) => ({
    startWorkflow: async (message: InboundMessage) => {
      if (message.id === guid) throw new Error('14 UNAVAILABLE');
      return temporal.startWorkflow(message);
    },
  });

  it('delays no other, and becomes a stuck entry of its own', async () => {
    await accept(...numbered(50));
    const forwarder = start(failing('m4'));
    await eventually(() => temporal.started.length === 49);
    expect(temporal.begun()).toEqual(numbered(50).filter((guid) => guid !== 'm4'));
    expect(forwarder.isTemporalAway()).toBe(false);
    await eventually(() => inbox.status().depth === 1 && inbox.status().stuck === 1);
    expect(guidsOf(rows())).toEqual(['m4']);
    expect(Math.abs((rows()[0]?.retry_at ?? 0) - Date.now() - 30_000)).toBeLessThan(10_000);
    expect(log.events).toMatchObject([{ event: 'message.stuck', guid: 'm4' }]);
  });

  it('delays no other that comes later, however long it is the only one', async () => {
    await accept('bad');
    start(failing('bad'));
    await eventually(() => eventNames().includes('temporal.lost'));
    await accept('a', 'b');
    await eventually(() => temporal.started.length === 2 && inbox.status().stuck === 1);
    expect(eventNames()).toEqual(['temporal.lost', 'temporal.returned', 'message.stuck']);
  });
});
