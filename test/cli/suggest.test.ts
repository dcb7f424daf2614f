import { expect, it } from 'vitest';
import { didYouMean, suggest } from '../../src/cli/suggest.js';

it.each([
  ['faild', ['running', 'failed', 'done'], 'failed'],
  ['failde', ['running', 'failed', 'done'], 'failed'],
  ['run', ['running', 'failed'], 'running'],
  ['', ['running'], undefined],
  ['x', ['running', 'failed'], undefined],
  ['test-0002', ['test-0001', 'other'], 'test-0001'],
  ['4f1c', ['4f1c9a77', '4f1cb001'], undefined],
  ['4f1c9', ['4f1c9a77', '4f1cb001'], '4f1c9a77'],
  ['a'.repeat(1_000), ['b'.repeat(1_000)], undefined],
])('for %s of %j it is %s', (typed, candidates, meant) => {
  expect(suggest(typed, candidates)).toBe(meant);
  expect(didYouMean(typed, candidates)).toBe(meant === undefined ? '' : `; did you mean ${meant}?`);
});
