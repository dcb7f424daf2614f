import { lexicon } from './lexicon.js';
import { createNearWords, minCorrectedLength } from './near-words.js';
import { pause, phraseOf } from './normalize.js';
import { addPhrase, type PhraseTree } from './phrase-tree.js';
import { isKnown } from './spelling.js';
import type { TokenKind } from './token-kind.js';

/** How many words before a phrase a negation still affects it: "I will not be late". */
const negationReach = 3;

/** Letters or digits that offer a choice, such as "2" or "B", say nothing in a text with more words. */
const maxWordsWithChoice = 3;

const negationKinds = new Set<TokenKind | undefined>(['not', 'cannot', 'will_not', 'not_after_verb', 'no_or_none']);
const isChoice = (phrase: readonly string[]) => phrase.length === 1 && /^(\p{L}|\p{N}{1,2})$/u.test(phrase[0] ?? '');

/** What a text holds of the phrases that are looked for. */
export interface Findings {
  /** The names whose phrases stand in it. */
  found: Set<string>;
  /** The names whose phrases stand in it denied. */
  denied: Set<string>;
}

interface NamedPhrase {
  name: string;
  phrase: readonly string[];
  /** Of several phrases that stand at one place, the longest counts, and of those the first. */
  order: number;
}

/**
 * Looks for phrases in texts. A phrase that is denied ("not late") does not count, and neither does one inside a longer
 * one that was found ("late" in "too late"). Words of five letters and more may have one letter wrong. The time depends
 * on the text, and hardly on the number of phrases.
 *
 * @param phrasesOf a name for each list of phrases
 * @param onCompared called for each look-up and comparison of a word of the text
 */
export function createPhraseFinder(
  phrasesOf: ReadonlyMap<string, readonly string[]>,
  onCompared?: () => void,
): (text: string) => Findings {
  lexicon(); // A mistake in its files must show now, not at the first text.
  const named = [...phrasesOf]
    .flatMap(([name, texts]) => texts.map((text) => ({ name, phrase: phraseOf(text) })))
    .map((one, order): NamedPhrase => ({ ...one, order }));
  const tree: PhraseTree<NamedPhrase> = {};
  for (const one of named) addPhrase(tree, one.phrase, one);
  const words = new Set(named.flatMap(({ phrase }) => phrase));
  const near = createNearWords(
    [...words].filter((word) => word.length >= minCorrectedLength),
    onCompared,
  );

  return (text) => {
    const meanings = new Map<string, readonly string[]>();
    const meaningsOf = (written: string) => {
      let meant = meanings.get(written);
      if (!meant) {
        const others = isKnown(written) ? [] : near(written).filter((word) => word !== written);
        meanings.set(written, (meant = words.has(written) ? [written, ...others] : others));
      }
      return meant;
    };
    return searchText(phraseOf(text), tree, meaningsOf, onCompared);
  };
}

/** @param meaningsOf the words of the phrases that a written word may stand for */
function searchText(
  words: readonly string[],
  tree: PhraseTree<NamedPhrase>,
  meaningsOf: (written: string) => readonly string[],
  onCompared?: () => void,
): Findings {
  const isShort = words.filter((word) => word !== pause).length <= maxWordsWithChoice;
  const findings: Findings = { found: new Set(), denied: new Set() };
  let clauseFrom = 0;
  for (let index = 0; index < words.length;) {
    const match = longestAt(index);
    const end = index + (match?.phrase.length ?? 1);
    const negation = match && findNegation(words, clauseFrom, index);
    if (match && negation !== undefined) {
      // "No thanks" says something of its own.
      if (lexicon().kinds.get(words.slice(negation, end).join(' ')) !== 'no') findings.denied.add(match.name);
    } else if (match) {
      findings.found.add(match.name);
      // A negation inside it is used up: in "can't come sick" the second word to be found is not denied.
      clauseFrom = end;
    }
    index = end;
  }
  return findings;

  function longestAt(start: number): NamedPhrase | undefined {
    let best: NamedPhrase | undefined;
    const follow = (node: PhraseTree<NamedPhrase>, at: number): void => {
      if (node.value && (isShort || !isChoice(node.value.phrase))) best = better(best, node.value);
      if (!node.next || at >= words.length) return;
      for (const word of meaningsOf(words[at] ?? '')) {
        onCompared?.();
        const next = node.next.get(word);
        if (next) follow(next, at + 1);
      }
    };
    follow(tree, start);
    return best;
  }
}

function better(one: NamedPhrase | undefined, other: NamedPhrase): NamedPhrase {
  if (!one || other.phrase.length > one.phrase.length) return other;
  return other.phrase.length === one.phrase.length && other.order < one.order ? other : one;
}

/** Where the word stands that denies what is at this index. */
function findNegation(words: readonly string[], clauseFrom: number, index: number): number | undefined {
  const { clause_starts: clauseStarts, opinion_verbs: opinionVerbs, denials } = lexicon().words;
  for (let place = index - 1; place >= Math.max(clauseFrom, index - negationReach); place--) {
    const word = words[place] ?? '';
    if (negationKinds.has(lexicon().kinds.get(word)) || denials.has(word)) return place;
    if (word === pause) return undefined;
    // A negation before it is of another clause, as in "can't today I'm sick", unless in "I don't think I'm late".
    if (clauseStarts.has(word) && !opinionVerbs.has(words[place - 1] ?? '')) return undefined;
  }
  return undefined;
}
