import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNearWords } from '../../src/rules/near-words.js';

/** Damerau-Levenshtein distance of at most 1, by the book. */
function isOneSlipAway(a: string, b: string): boolean {
  const slips = new Set<string>();
  for (let index = 0; index <= a.length; index++) {
    const [head, tail] = [a.slice(0, index), a.slice(index)];
    slips.add(head + tail.slice(1));
    if (tail.length > 1) slips.add(head + (tail[1] ?? '') + (tail[0] ?? '') + tail.slice(2));
    for (const letter of 'abc') slips.add(head + letter + tail).add(head + letter + tail.slice(1));
  }
  return slips.has(b);
}

it('a misspelt word is found for every word that it may mean, and for no other', () => {
  const word = fc.stringMatching(/^[abc]{5,8}$/);
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 30 }), word, (words, written) => {
      const expected = words.filter((one) => one[0] === written[0] && (one === written || isOneSlipAway(written, one)));
      expect(createNearWords(words)(written)).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

describe('a word of four letters', () => {
  const near = createNearWords(['nope']);
  it('is found with two swapped letters', () => expect(near('noep')).toEqual(['nope']));
  it('is not found with another letter wrong', () => expect(near('nobe')).toEqual([]));
});

it('a written word that is much longer than any word is not looked up', () => {
  let compared = 0;
  expect(createNearWords(['letter'], () => compared++)('l'.repeat(8_000))).toEqual([]);
  expect(compared).toBe(0);
});

it('a misspelt word is compared with few words, however many there are', () => {
  const words = Array.from({ length: 25_000 }, (_, index) => `late${(index * 67).toString(36).padStart(4, '0')}`);
  let compared = 0;
  const near = createNearWords(words, () => compared++);
  for (const word of words.slice(0, 1_000)) expect(near(`${word}s`)).toContain(word);
  expect(compared).toBeLessThan(20 * 1_000);
});
