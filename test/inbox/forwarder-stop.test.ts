import { describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { guidsOf } from '../helpers/inbox.js';
import { aMessage } from '../helpers/messages.js';
import {
  accept,
  allForwarded,
  eventNames,
  inbox,
  log,
  numbered,
  rows,
  start,
  temporal,
  useForwarder,
} from './forwarder-setup.js';

useForwarder();

describe('stop', () => {
  it('forwards what is left, also what is accepted meanwhile, then starts nothing', async () => {
    temporal.state.hold = true;
    await accept(...numbered(300));
    const forwarder = start();
    await eventually(() => temporal.state.running === 10);
    const stopped = forwarder.stop(10_000);
    await accept('accepted-meanwhile');
    temporal.releaseAll();
    await stopped;
    expect(temporal.started).toEqual([...numbered(300), 'accepted-meanwhile']);
    await accept('accepted-later');
    await inbox.close();
    expect(temporal.begun()).not.toContain('accepted-later');
    expect(guidsOf(rows())).toEqual(['accepted-later']);
    expect(log.events).toEqual([]);
  });

  it('with nothing to do ends at once', async () => {
    const forwarder = start();
    const since = performance.now();
    await forwarder.stop(10_000);
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(log.events).toEqual([]);
  });

  it('ends at its deadline and says what is left', async () => {
    temporal.state.hold = true;
    await accept(...numbered(12));
    const forwarder = start();
    await eventually(() => temporal.state.running === 10);
    await forwarder.stop(100);
    expect(log.events).toEqual([
      expect.objectContaining({
        event: 'inbox.left',
        depth: 12,
        msg: '12 message(s) stay in the inbox until the next start',
      }),
    ]);
    temporal.releaseAll();
    await eventually(() => temporal.state.running === 0);
    expect(temporal.begun()).toEqual(numbered(10));
  });

  it('while Temporal is away ends at once, says what is left, and stops trying', async () => {
    temporal.state.away = true;
    await accept('a', 'b', 'c');
    const forwarder = start();
    await eventually(() => eventNames().includes('temporal.lost'));
    const since = performance.now();
    await forwarder.stop(10_000);
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(eventNames()).toEqual(['temporal.lost', 'inbox.left']);
    expect(log.events.at(-1)).toMatchObject({ depth: 3 });
    expect(guidsOf(rows())).toEqual(['a', 'b', 'c']);
  });
});

describe('an erasure', () => {
  const from = (number: string, ...guids: string[]) => guids.map((id) => aMessage({ id, from: number }));
  const [ada, bob] = ['+15550009876', '+15550001111'];

  it('takes messages from memory, and waits for starts in progress', async () => {
    temporal.state.hold = true;
    await inbox.accept({ messages: [...from(ada, 'a', 'b'), ...from(bob, 'c')], rejected: [] });
    const forwarder = start({ concurrency: 1 });
    await eventually(() => temporal.begun().length === 1);
    let forgotten = false;
    const forget = forwarder.forget(ada).then(() => (forgotten = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(forgotten).toBe(false);
    temporal.releaseAll();
    await forget;
    await allForwarded();
    expect(temporal.started).toEqual(['a', 'c']);
  });

  it('takes messages that were refused while others of their post wait', async () => {
    temporal.refused.add('bad');
    await inbox.accept({ messages: [...from(ada, 'bad'), ...from(bob, 'a', 'b')], rejected: [] });
    temporal.state.hold = true;
    const forwarder = start({ concurrency: 1 });
    await eventually(() => temporal.state.running === 1);
    temporal.releaseOne();
    await eventually(() => eventNames().includes('message.stuck'));
    await forwarder.forget(ada);
    temporal.releaseAll();
    await allForwarded();
    expect(temporal.started).toEqual(['a', 'b']);
  });

  it('starts nothing that came back because Temporal is away', async () => {
    temporal.state.hold = true;
    temporal.state.away = true;
    await inbox.accept({ messages: from(ada, 'a', 'b'), rejected: [] });
    const forwarder = start({ concurrency: 2 });
    await eventually(() => temporal.begun().length === 2);
    const forget = forwarder.forget(ada);
    temporal.releaseOne();
    temporal.releaseAll();
    await forget;
    temporal.state.away = false;
    const begun = temporal.begun().length;
    await inbox.accept({ messages: from(bob, 'c'), rejected: [] });
    await eventually(() => temporal.started.includes('c'));
    expect(temporal.begun().slice(begun)).toEqual(['c']);
  });
});
