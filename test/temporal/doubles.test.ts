import { expect, it } from 'vitest';
import { withDoubles } from '../../src/temporal/doubles.js';
import type { StartOutcome } from '../../src/temporal/start-workflow.js';
import { aMessage } from '../helpers/messages.js';

const machine = '+15550009999';

/** Starts messages, and records which one each is a double of. */
function starting({ windowMs = 10_000, fails = false } = {}) {
  const doubles: Array<string | undefined> = [];
  const how: { outcome: StartOutcome; fails: boolean } = { outcome: 'started', fails };
  const start = withDoubles(
    async ({ doubleOf }) => {
      if (how.fails) throw new Error('Temporal is away');
      doubles.push(doubleOf);
      return how.outcome;
    },
    { windowMs, isExcepted: (sender) => sender === machine },
  );
  const message = (id: string, second = 0, from = '+15550001234', text = 'Yes') =>
    start(aMessage({ id, from, text, acceptedAt: new Date(Date.UTC(2026, 0, 1, 10, 0, second)).toISOString() }));
  return { how, doubles, message };
}

it('the same text under another id is a double, within the window', async () => {
  const { doubles, message } = starting();
  for (const [id, second] of [
    ['a', 0],
    ['b', 10],
    ['c', 11],
  ] as const)
    await message(id, second);
  expect(doubles).toEqual([undefined, 'a', undefined]);
});

it('a double does not make the window longer', async () => {
  const { doubles, message } = starting();
  for (const [id, second] of [
    ['a', 0],
    ['b', 8],
    ['c', 16],
    ['d', 17],
  ] as const)
    await message(id, second);
  expect(doubles).toEqual([undefined, 'a', undefined, 'c']);
});

it('the later one may be started first, and both at once', async () => {
  const { doubles, message } = starting();
  await Promise.all([message('b', 5), message('a', 0)]);
  expect(doubles).toEqual([undefined, 'b']);
});

it('the same id, another text, another sender and an excepted sender are no doubles', async () => {
  const { doubles, message } = starting();
  await message('a');
  await message('a');
  await message('b', 1, '+15550001234', 'No');
  await message('c', 1, '+15550005678');
  await message('d', 0, machine);
  await message('e', 0, machine);
  expect(doubles.every((of) => of === undefined)).toBe(true);
});

it('a text is no double of one that was not started, or of an old one that is posted again', async () => {
  const { how, doubles, message } = starting({ fails: true });
  await expect(message('a')).rejects.toThrow();
  how.fails = false;
  await message('b', 1);
  how.outcome = 'duplicate';
  await message('old', 30);
  how.outcome = 'started';
  await message('new', 31);
  expect(doubles).toEqual([undefined, undefined, undefined]);
});

it('0 turns it off', async () => {
  const { doubles, message } = starting({ windowMs: 0 });
  await message('a');
  await message('b');
  expect(doubles).toEqual([undefined, undefined]);
});
