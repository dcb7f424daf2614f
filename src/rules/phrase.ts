import type { Kind } from './kind.js';
import { phrases } from './lexicon.js';
import { splitIntoSentences } from './normalize.js';
import { isMisspelt } from './spelling.js';

/** A word or phrase as the rules compare it: folded words, without what stands between them. */
export function phraseOf(text: string): string[] {
  return splitIntoSentences(text).flatMap(({ runs }) => runs.flat());
}

/** How many words before it a negation still bears on a phrase: "I will not be late". */
const negationReach = 3;

/** Letters or digits that offer a choice, such as "2" or "B", say nothing in a longer text. */
const longestTextOfAChoice = 3;

const negations = new Set<Kind | undefined>(['not', 'cant', 'wont', 'pas', 'bareNo']);
const isNegation = (word: string | undefined) => word !== undefined && (negations.has(phrases.get(word)) || word === 'without' || word === 'sans' || word === 'sin');
const isChoice = (phrase: readonly string[]) => phrase.length === 1 && /^(\p{L}|\p{N}{1,2})$/u.test(phrase[0] ?? '');

/**
 * Looks for phrases in texts. A phrase that is denied ("not late") does not count, and neither does one inside a longer one that
 * was found ("late" in "too late"). Words of five letters and more may have one letter wrong.
 *
 * @param phrasesOf a name for each list of phrases
 * @returns the names whose phrases stand in a text
 */
export function createFinder(phrasesOf: ReadonlyMap<string, readonly string[]>): (text: string) => Set<string> {
  const known = [...phrasesOf]
    .flatMap(([name, texts]) => texts.map((text) => ({ name, phrase: phraseOf(text) })))
    .sort((a, b) => b.phrase.length - a.phrase.length);

  return (text) => {
    const runs = splitIntoSentences(text).flatMap((sentence) => sentence.runs);
    const isShort = runs.flat().length <= longestTextOfAChoice;
    const found = new Set<string>();
    for (const run of runs) {
      for (let index = 0; index < run.length; ) {
        const match = known.find(({ phrase }) => standsAt(phrase, run, index) && (isShort || !isChoice(phrase)));
        if (match && !run.slice(Math.max(0, index - negationReach), index).some(isNegation)) found.add(match.name);
        index += match?.phrase.length ?? 1;
      }
    }
    return found;
  };
}

function standsAt(phrase: readonly string[], run: readonly string[], index: number): boolean {
  return phrase.every((word, offset) => {
    const written = run[index + offset];
    return written !== undefined && (written === word || isMisspelt(written, word));
  });
}
