import { lexicon } from './lexicon.js';
import { minCorrectedLength } from './near-words.js';

/** Longer words aren't written by hand. */
const maxCorrectedLength = 20;

/**
 * The known word that was meant: "yesss" is "yes", "defintely" is "definitely". An unknown word comes back as it is.
 */
export function correct(word: string): string {
  const { misspellings } = lexicon();
  if (isKnown(word)) return misspellings.get(word) ?? word;
  return (
    misspellings.get(word) ?? unstretch(word) ?? neighbour(word) ?? neighbour(word.replace(/(.)\1{2,}/gu, '$1')) ?? word
  );
}

/** Whether the rules know the word, so that it is no misspelling of another one. */
export function isKnown(word: string): boolean {
  const { vocabulary, words } = lexicon();
  return vocabulary.has(word) || words.never_corrected.has(word);
}

function unstretch(word: string): string | undefined {
  const { misspellings, vocabulary } = lexicon();
  const candidates = [
    word.replace(/(.)\1{2,}/gu, '$1$1'),
    word.replace(/(.)\1+/gu, '$1'),
    word.replace(/(.)\1{2,}/gu, '$1'),
  ];
  const known = candidates.find((candidate) => candidate !== word && vocabulary.has(candidate));
  return known && (misspellings.get(known) ?? known);
}

function neighbour(word: string): string | undefined {
  if (word.length < minCorrectedLength - 1 || word.length > maxCorrectedLength) return undefined;
  return lexicon().nearKeywords(word)[0];
}
