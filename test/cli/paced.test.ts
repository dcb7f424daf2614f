import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { paced } from '../../src/cli/paced.js';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

it('calls begin at the rate, and each item gets one', async () => {
  const done: number[] = [];
  const startedAtMs = performance.now();
  await paced(numbers(11), { perSecond: 50, maxAtOnce: 4 }, async (one) => void done.push(one));
  expect(performance.now() - startedAtMs).toBeGreaterThan(195);
  expect(done.sort((one, other) => one - other)).toEqual(numbers(11));
});

it('no more calls than allowed run at once', async () => {
  let running = 0;
  let most = 0;
  await paced(numbers(12), { perSecond: 10_000, maxAtOnce: 3 }, async () => {
    most = Math.max(most, ++running);
    await sleep(10);
    running--;
  });
  expect(most).toBe(3);
});

it('no call begins after an error, which is thrown when the others have ended', async () => {
  const ended: number[] = [];
  const work = paced(numbers(1_000), { perSecond: 10_000, maxAtOnce: 2 }, async (one) => {
    if (one === 1) throw new Error('Temporal is away');
    await sleep(20);
    ended.push(one);
  });
  await expect(work).rejects.toThrow('Temporal is away');
  expect(ended.length).toBeLessThan(3);
  expect(ended).toContain(0);
});
