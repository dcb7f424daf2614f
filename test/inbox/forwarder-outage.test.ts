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
    // 10 at once find out; then one after 100, 200 and 400 ms.
    await eventually(() => temporal.attempts.length >= 13);
    const tries = temporal.attempts.slice(9);
    // Each with the next message: the fault may be of one message only.
    expect(tries.map(({ guid }) => guid).slice(1)).toEqual(['m10', 'm11', 'm12']);
    [100, 200, 400].forEach((pauseMs, index) => {
      const gapMs = (tries[index + 1]?.atMs ?? 0) - (tries[index]?.atMs ?? 0);
      expect(gapMs).toBeGreaterThan(pauseMs - 10);
    });
    await accept('accepted-meanwhile');
    expect(eventNames()).toEqual(['temporal.lost']);
    expect(temporal.attempts).toHaveLength(13);

    temporal.state.away = false;
    await allForwarded();
    // The next one finds that Temporal is back.
    const [others, [found, ...last]] = [numbered(13), numbered(30).slice(13)];
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
    await accept('a', 'b', 'c', 'd');
    start({ concurrency: 3 });
    await eventually(() => temporal.state.running === 3);
    temporal.state.away = true;
    temporal.releaseOne();
    temporal.releaseOne();
    await eventually(() => eventNames().length === 1);
    temporal.state.away = false;
    temporal.releaseOne();
    await eventually(() => temporal.started.includes('c'));
    expect(eventNames()).toEqual(['temporal.lost']);
    temporal.releaseAll();
    await allForwarded();
    expect(temporal.started).toEqual(['c', 'd', 'a', 'b']);
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
    await accept(...numbered(20));
    for (const guid of ['later', 'latest']) await accept(guid);
    start(failing('m4'));
    await eventually(() => inbox.status().depth === 1 && inbox.status().stuck === 1);
    expect(guidsOf(rows())).toEqual(['m4']);
    expect(Math.abs((rows()[0]?.retry_at ?? 0) - Date.now() - 60_000)).toBeLessThan(10_000);
    expect(temporal.started).toHaveLength(21);
    expect(temporal.begun()).toHaveLength(21);
    expect(log.events).toMatchObject([{ event: 'message.stuck', guid: 'm4' }]);
  });

  it('delays no other that comes later, however long it is the only one', async () => {
    await accept('bad');
    start(failing('bad'));
    await eventually(() => eventNames().includes('temporal.lost'));
    await accept('a', 'b');
    await eventually(() => temporal.started.length === 2);
  });
});
