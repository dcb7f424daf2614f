import { expect, it } from 'vitest';
import { createDayLimit } from '../../src/temporal/day-limit.js';

/** A limit of 10 replies, with this many counted already. */
function limited(counted: number | Error) {
  const states: string[] = [];
  const counts: number[] = [];
  const how = { counted };
  const count = async () => {
    if (how.counted instanceof Error) throw how.counted;
    return { count: how.counted } as never;
  };
  const allow = createDayLimit(
    { workflow: { count } },
    { repliesPerDay: 10, onCounted: (replies) => counts.push(replies), onChange: ({ state }) => states.push(state) },
  );
  return { how, allow, states, counts };
}

it('replies are allowed up to the limit, and its nearness is reported once', async () => {
  const { allow, states, counts } = limited(6);
  const allowed = [];
  for (let reply = 0; reply < 7; reply++) allowed.push(await allow());
  expect(allowed).toEqual([true, true, true, true, false, false, false]);
  expect(states).toEqual(['near', 'reached']);
  expect(counts).toEqual([6]);
});

it('replies at once are counted too', async () => {
  const { allow } = limited(5);
  const allowed = await Promise.all(Array.from({ length: 20 }, () => allow()));
  expect(allowed.filter(Boolean)).toHaveLength(5);
});

it('a count that fails is not kept, and no reply passes meanwhile', async () => {
  const { how, allow } = limited(new Error('unavailable'));
  await expect(allow()).rejects.toThrow('unavailable');
  how.counted = 1;
  expect(await allow()).toBe(true);
});

it('without a limit, nothing is counted', async () => {
  const count = () => Promise.reject(new Error('counted'));
  expect(await createDayLimit({ workflow: { count } }, { repliesPerDay: undefined })()).toBe(true);
});
