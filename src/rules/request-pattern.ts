import { isWord as isFoldedWord } from './normalize.js';
import { readPart, splitList } from './notation.js';
import { addPhrase, type PhraseTree } from './phrase-tree.js';
import { foldWord, isWord, type Word } from './request-words.js';

/** Phrases by name, that a pattern puts in with `<name>`. */
export type Groups = ReadonlyMap<string, PhraseTree<true>>;

/** One place of a pattern. */
type Place =
  | { is: 'phrase'; tree: PhraseTree<true>; optional: boolean }
  /** What may not come next. */
  | { is: 'not'; tree: PhraseTree<true> }
  /** The end of a sentence, or a comma. */
  | { is: 'end' }
  /** Up to {@link maxGap} words of any kind but those of the group `gap_stops`. */
  | { is: 'gap' };

export type Pattern = readonly Place[];

const maxGap = 3;

/**
 * Reads a list of patterns. In addition to the notation of the lexicon: `<name>` is any phrase of a group, `...` stands
 * for up to three words, `!a/b` means that neither word comes next, `<comma>` is a comma, `<question>` a
 * question mark, `<end>` the end of a sentence or a comma.
 *
 * @param wrong is called with what can't be read, and its character
 */
export function readPatterns(list: string, groups: Groups, wrong: (what: string, index: number) => void): Pattern[] {
  return splitList(list).flatMap(({ written, parts, index }) => {
    const report = (what: string) => wrong(`${JSON.stringify(written)}: ${what}`, index);
    const places = parts.map((part) => readPlace(part, groups, report));
    if (places.includes(undefined)) return [];
    const pattern = places as Place[];
    if (pattern[0]?.is !== 'phrase') report('expected a word or <group> first');
    else if (!pattern.some((place) => place.is === 'phrase' && !place.optional))
      report('expected a word that must be there, since "?" makes it optional');
    else return [pattern];
    return [];
  });
}

function readPlace(part: string, groups: Groups, report: (what: string) => void): Place | undefined {
  if (part === '...') return { is: 'gap' };
  if (part === '<end>') return { is: 'end' };
  const negated = part.startsWith('!');
  const bare = negated ? part.slice(1) : part;
  const optional = bare.endsWith('?');
  const name = /^<(.*?)>\??$/.exec(bare)?.[1];
  const tree = name === undefined ? treeOf(readPart(bare).choices) : groups.get(name);
  if (tree) return negated ? { is: 'not', tree } : { is: 'phrase', tree, optional };
  report(
    name === undefined
      ? 'expected words, "a/b" for either, "a?" if optional, "<group>", "..." or "!a" for what may not come next'
      : `there is no group ${JSON.stringify(name)}: expected ${[...groups.keys()].join(', ')}`,
  );
  return undefined;
}

function treeOf(choices: readonly string[]): PhraseTree<true> | undefined {
  if (!choices.every(isFoldedWord)) return undefined;
  const tree: PhraseTree<true> = {};
  for (const choice of choices) addPhrase(tree, [foldWord(choice)], true);
  return tree;
}

/** The words that a text must have where a pattern begins. */
export function firstWords(pattern: Pattern): string[] {
  const words: string[] = [];
  for (const place of pattern) {
    if (place.is !== 'phrase') continue;
    words.push(...(place.tree.next?.keys() ?? []));
    if (!place.optional) break;
  }
  return words;
}

/** Returns where a pattern that begins at a word ends, the longest way that it fits. */
export function endOf(
  pattern: Pattern,
  words: readonly Word[],
  start: number,
  gapStops: PhraseTree<true>,
  from = 0,
): number | undefined {
  const place = pattern[from];
  if (!place) return start;
  const rest = (at: number) => endOf(pattern, words, at, gapStops, from + 1);
  if (place.is === 'not') return phrasesAt(place.tree, words, start).length > 0 ? undefined : rest(start);
  if (place.is === 'end') return words[start] && isWord(words[start]) ? undefined : rest(start);
  if (place.is === 'gap') return afterGap(words, start, gapStops, rest);
  for (const { end } of phrasesAt(place.tree, words, start)) {
    const found = rest(end);
    if (found !== undefined) return found;
  }
  return place.optional ? rest(start) : undefined;
}

function afterGap(
  words: readonly Word[],
  start: number,
  gapStops: PhraseTree<true>,
  rest: (at: number) => number | undefined,
): number | undefined {
  for (let at = start; at <= Math.min(start + maxGap, words.length); at++) {
    const found = rest(at);
    if (found !== undefined) return found;
    const word = words[at];
    if (!word || !isWord(word) || phrasesAt(gapStops, words, at).length > 0) return undefined;
  }
  return undefined;
}

/** The phrases of a tree that begin at a word, the longest first. */
export function phrasesAt<Value>(
  tree: PhraseTree<Value>,
  words: readonly Word[],
  start: number,
): Array<{ end: number; value: Value }> {
  const found: Array<{ end: number; value: Value }> = [];
  let node: PhraseTree<Value> | undefined = tree;
  for (let at = start; node; at++) {
    if (node.value !== undefined) found.unshift({ end: at, value: node.value });
    node = node.next?.get(words[at]?.folded ?? '');
  }
  return found;
}
