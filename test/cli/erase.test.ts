import { expect, it } from 'vitest';
import { eraseUntilNothingIsFound } from '../../src/cli/commands/erase.js';

/** Erases so many runs at each look, and then nothing. */
function looksThatFind(runs: number[]) {
  let looks = 0;
  const look = async () => ({ runs: runs[looks++] ?? 0, waiting: 0, quarantined: 0, unreadable: 1 });
  return { look, count: () => looks };
}

it('an erasure ends when two looks in a row find nothing', async () => {
  for (const [runs, looks] of [
    [[], 2],
    [[1], 3],
    [[0, 1], 4],
    [[1, 0, 1, 0], 5],
  ] as const) {
    const { look, count } = looksThatFind([...runs]);
    const erased = runs.filter((run) => run === 1).length;
    expect(await eraseUntilNothingIsFound(look, { nextLookMs: 1, maxLooks: 9 })).toMatchObject({
      runs: erased,
      unreadable: 1,
    });
    expect(count()).toBe(looks);
  }
});

it('an erasure gives up when each look finds something', async () => {
  const { look, count } = looksThatFind(Array<number>(99).fill(1));
  await expect(eraseUntilNothingIsFound(look, { nextLookMs: 1, maxLooks: 9 })).rejects.toThrow(
    'Texts of this number keep',
  );
  expect(count()).toBe(9);
});
