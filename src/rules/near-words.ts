/** Shorter words have too many neighbours. */
export const minCorrectedLength = 5;

/**
 * Indexes words by themselves and by what is left of them without one letter. A misspelt word then shares an entry with
 * the word that was meant, so that it is compared with few words, however many are indexed.
 *
 * @param words may hold words of four letters: of these only a swap of two letters is found
 * @param onCompared called for each look-up and for each comparison of two words
 * @returns finds the words that a written word may be a slip for, in the order in which they were given
 */
export function createNearWords(
  words: readonly string[],
  onCompared?: () => void,
): (written: string) => readonly string[] {
  // Most entries hold one place; an array for each would take most of the time and memory.
  const placesByKey = new Map<string, number | number[]>();
  let maxLength = 0;
  for (const [place, word] of words.entries()) {
    maxLength = Math.max(maxLength, word.length);
    for (const key of keysOf(word)) {
      const places = placesByKey.get(key);
      if (places === undefined) placesByKey.set(key, place);
      else if (typeof places === 'number') placesByKey.set(key, [places, place]);
      else places.push(place);
    }
  }
  return (written) => {
    if (written.length > maxLength + 1) return [];
    const candidates = new Set<number>();
    for (const key of keysOf(written)) {
      onCompared?.();
      const places = placesByKey.get(key);
      if (typeof places === 'number') candidates.add(places);
      else places?.forEach((place) => candidates.add(place));
    }
    const inOrder = Uint32Array.from(candidates).sort();
    return Array.from(inOrder, (place) => words[place] ?? '').filter((word) => {
      onCompared?.();
      return isSlip(written, word);
    });
  };
}

/** A misspelt word has its first letter right. */
function keysOf(word: string): string[] {
  const keys = [word];
  for (let index = 1; index < word.length; index++) keys.push(word.slice(0, index) + word.slice(index + 1));
  return keys;
}

/** Whether a word is another one with one letter wrong, missing or added, or with two neighbouring letters swapped. */
function isSlip(written: string, word: string): boolean {
  let at = 0;
  while (at < written.length && written[at] === word[at]) at++;
  if (written.length === word.length && written[at] === word[at + 1] && written[at + 1] === word[at])
    if (endsAlike(written, at + 2, word, at + 2)) return true;
  const longer = Math.max(written.length, word.length);
  return (
    word.length >= minCorrectedLength &&
    endsAlike(written, at + Number(written.length === longer), word, at + Number(word.length === longer))
  );
}

/** Whether two words are the same from these letters on. */
function endsAlike(a: string, fromA: number, b: string, fromB: number): boolean {
  if (a.length - fromA !== b.length - fromB) return false;
  for (let offset = 0; fromA + offset < a.length; offset++) if (a[fromA + offset] !== b[fromB + offset]) return false;
  return true;
}
