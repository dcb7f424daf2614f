import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inOrder } from '../../src/cli/in-order.js';

async function* numbers(count: number, read = { count: 0 }): AsyncGenerator<number> {
  for (; read.count < count;) yield read.count++;
}

/** Takes longer for each third item. */
async function slowly(one: number): Promise<number> {
  for (let turns = one % 3 === 0 ? 20 : 1; turns > 0; turns--) await turn();
  return one;
}

const all = <Item>(items: AsyncIterable<Item>): Promise<Item[]> => Readable.from(items).toArray() as Promise<Item[]>;

it.each([0, 1, 3, 4, 50])('%s results come in the order of their items', async (count) => {
  expect(await all(inOrder(numbers(count), 4, slowly))).toEqual(Array.from({ length: count }, (_, index) => index));
});

it('no more calls than allowed run at once, and that many do', async () => {
  let running = 0;
  let most = 0;
  const work = async (one: number) => {
    most = Math.max(most, ++running);
    await slowly(one);
    running--;
  };
  await all(inOrder(numbers(50), 4, work));
  expect(most).toBe(4);
});

it('nothing is read ahead of a reader that stops', async () => {
  const read = { count: 0 };
  let running = 0;
  const work = async (one: number) => {
    running++;
    const result = await slowly(one);
    running--;
    return result;
  };
  const results = inOrder(numbers(50, read), 4, work);
  expect(await results.next()).toEqual({ done: false, value: 0 });
  await results.return(undefined);
  expect({ read: read.count, running }).toEqual({ read: 4, running: 0 });
});

it('no call begins after an error, which is thrown when the others have ended', async () => {
  const read = { count: 0 };
  const ended: number[] = [];
  const work = async (one: number) => {
    if (one === 2) throw new Error('Temporal is away');
    ended.push(await slowly(one));
  };
  await expect(all(inOrder(numbers(50, read), 4, work))).rejects.toThrow('Temporal is away');
  expect({ read: read.count, ended: ended.sort() }).toEqual({ read: 6, ended: [0, 1, 3, 4, 5] });
});
