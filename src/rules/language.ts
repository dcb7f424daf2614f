import { lexicon } from './lexicon.js';
import { phraseOf } from './normalize.js';

/** The language of a text among some, ISO 639-1; undefined where it is unclear. */
export type ReadLanguage = (text: string, among: readonly string[]) => string | undefined;

/** How far the likeliest must be ahead of the next: "no" is Spanish and English. */
const clearLead = 0.1;

/** More than enough. */
const maxCharacters = 1_000;

/**
 * Loads a detector (its table takes 30 MB of memory and 0.1 s), for playbooks in several languages. The lexicon's words
 * come first, since the detector is often wrong on a few words: it takes "Yes, a secret affair" for French.
 */
export async function loadLanguages(): Promise<ReadLanguage> {
  const { eld } = await import('eld/extrasmall');
  return (text, among) => {
    const beginning = text.slice(0, maxCharacters);
    const byWords = leader(among, countWords(phraseOf(beginning)), 1);
    if (byWords !== undefined) return byWords;
    const detected = eld.detect(beginning);
    if (!detected.isReliable()) return undefined;
    const scores = detected.getScores();
    return leader(among, (language) => scores[language] ?? 0, clearLead);
  };
}

function leader(among: readonly string[], score: (language: string) => number, lead: number): string | undefined {
  const [first, second] = among
    .map((language) => ({ language, score: score(language) }))
    .sort((a, b) => b.score - a.score);
  return first && first.score - (second?.score ?? 0) >= lead ? first.language : undefined;
}

/** How many words of a text are of this language and of no other that the rules know. */
function countWords(text: readonly string[]): (language: string) => number {
  const { typical } = lexicon();
  return (language) =>
    text.filter(
      (word) =>
        typical.get(language)?.has(word) && [...typical].every(([of, words]) => of === language || !words.has(word)),
    ).length;
}
