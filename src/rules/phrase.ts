import type { Kind } from './kind.js';
import { phrases } from './lexicon.js';
import { splitIntoSentences } from './normalize.js';
import { isMisspelt } from './spelling.js';

/** Stands where punctuation does, so that "10/10" and "not bad, not great" can be looked for. */
const pause = ',';

/** A word or phrase as the rules compare it: folded words, with a pause between those that punctuation keeps apart. */
export function phraseOf(text: string): string[] {
  const runs = splitIntoSentences(text).flatMap((sentence) => sentence.runs).filter((run) => run.length > 0);
  return runs.flatMap((run, index) => (index === 0 ? run : [pause, ...run]));
}

/** How many words before it a negation still bears on a phrase: "I will not be late". */
const negationReach = 3;

/** Letters or digits that offer a choice, such as "2" or "B", say nothing in a longer text. */
const longestTextOfAChoice = 3;

const negationKinds = new Set<Kind | undefined>(['not', 'cant', 'wont', 'pas', 'bareNo']);
const moreNegations = new Set('without sans sin nunca nicht kein keine keinen nie ohne'.split(' '));
const isNegation = (word: string) => negationKinds.has(phrases.get(word)) || moreNegations.has(word);
const isChoice = (phrase: readonly string[]) => phrase.length === 1 && /^(\p{L}|\p{N}{1,2})$/u.test(phrase[0] ?? '');

/** A negation before them is of another clause: "can't today I'm sick", "not ill but late". */
const clauseStarts = new Set('i im ive ill but because cause cuz since although though just only jai mais pero porque aber weil'.split(' '));
/** Unless one of these is between: "I don't think I'm late". */
const opinions = new Set('think believe say saying said mean feel'.split(' '));

/** What a text holds of the phrases that are looked for. */
export interface Findings {
  /** The names whose phrases stand in it. */
  found: Set<string>;
  /** The names whose phrases stand there denied. */
  denied: Set<string>;
}

interface NamedPhrase {
  name: string;
  phrase: string[];
}

/**
 * Looks for phrases in texts. A phrase that is denied ("not late") does not count, and neither does one inside a longer one that
 * was found ("late" in "too late"). Words of five letters and more may have one letter wrong.
 *
 * @param phrasesOf a name for each list of phrases
 */
export function createFinder(phrasesOf: ReadonlyMap<string, readonly string[]>): (text: string) => Findings {
  const known = byFirstLetter([...phrasesOf].flatMap(([name, texts]) => texts.map((text) => ({ name, phrase: phraseOf(text) }))));

  return (text) => {
    const words = phraseOf(text);
    const isShort = words.filter((word) => word !== pause).length <= longestTextOfAChoice;
    const findings: Findings = { found: new Set(), denied: new Set() };
    let clauseFrom = 0;
    for (let index = 0; index < words.length; ) {
      const match = known.get(firstLetter(words[index]))?.find(({ phrase }) => standsAt(phrase, words, index) && (isShort || !isChoice(phrase)));
      const end = index + (match?.phrase.length ?? 1);
      const negation = match && findNegation(words, clauseFrom, index);
      if (match && negation !== undefined) {
        // "No thanks" is an answer of its own.
        if (phrases.get(words.slice(negation, end).join(' ')) !== 'no') findings.denied.add(match.name);
      } else if (match) {
        findings.found.add(match.name);
        // A negation inside it is used up: in "can't come sick" the second word to be found is not denied.
        clauseFrom = end;
      }
      index = end;
    }
    return findings;
  };
}

/** The longest first. A misspelt word has its first letter right. */
function byFirstLetter(named: NamedPhrase[]): Map<string, NamedPhrase[]> {
  const groups = new Map<string, NamedPhrase[]>();
  for (const one of named.sort((a, b) => b.phrase.length - a.phrase.length)) {
    const letter = firstLetter(one.phrase[0]);
    const group = groups.get(letter);
    if (group) group.push(one);
    else groups.set(letter, [one]);
  }
  return groups;
}

const firstLetter = (word: string | undefined) => word?.charAt(0) ?? '';

function standsAt(phrase: readonly string[], words: readonly string[], index: number): boolean {
  return phrase.every((word, offset) => {
    const written = words[index + offset];
    return written !== undefined && (written === word || isMisspelt(written, word));
  });
}

/** Where the word stands that denies what is at this index. */
function findNegation(words: readonly string[], clauseFrom: number, index: number): number | undefined {
  for (let place = index - 1; place >= Math.max(clauseFrom, index - negationReach); place--) {
    const word = words[place] ?? '';
    if (isNegation(word)) return place;
    if (word === pause || (clauseStarts.has(word) && !opinions.has(words[place - 1] ?? ''))) return undefined;
  }
  return undefined;
}
