import type { PhraseTree } from './phrase-tree.js';
import type { PhraseKind } from './request-schema.js';
import type { Finder, RequestLanguage } from './request-languages.js';
import { endOf, phrasesAt } from './request-pattern.js';
import { clausesOf, isWord, type TextRead, type Word } from './request-words.js';

/** The first and the last word of what asks. */
type Match = readonly [first: Word, last: Word];

/** "don't ever want you to": no phrase that reverses a request has more words. */
const longestBefore = 8;

/** Kinds that a part of a sentence between commas can ask for. "Help, there is a fire" asks for nothing here. */
const asksByClause = new Set<PhraseKind>(['stop', 'start']);

/** A name and a surname. */
const longestName = 2;

type Ends = (words: readonly Word[], from: number) => number[];

/** Finds a phrase of a kind in a text, by the words of one language. */
export function findPhrase(kind: PhraseKind, language: RequestLanguage, { sentences }: TextRead): Match | undefined {
  if (kind === 'stop' && has(language.notWhen.sameText, sentences, language)) return undefined;
  for (const sentence of sentences) {
    const isMeant = ([first]: Match) => counts(kind, language, sentence, sentence.indexOf(first));
    const found =
      findWithin(language.phrases[kind].within, sentence, language).find(isMeant) ??
      [
        findWhole(kind, language, sentence),
        kind === 'stop' && findStopAlone(language, sentence, sentences),
        kind === 'peace' && findSigned(language, sentence, sentences),
      ]
        .filter((match) => match !== false && match !== undefined)
        .find(isMeant);
    if (found) return found;
  }
  return undefined;
}

function findWithin(finder: Finder, words: readonly Word[], language: RequestLanguage): Match[] {
  return words.flatMap((first, from) => {
    const last = words[Math.max(...ends(finder, words, from, language)) - 1];
    return last ? [[first, last] as const] : [];
  });
}

/** A sentence that says nothing else, apart from polite words. */
function findWhole(kind: PhraseKind, language: RequestLanguage, sentence: readonly Word[]) {
  const { whole } = language.phrases[kind];
  const endsAt: Ends = (words, from) => ends(whole, words, from, language);
  if (asksByClause.has(kind)) return findClause(sentence, language, endsAt);
  return cover(sentence.filter(isWord), language, endsAt);
}

/** "Wrong number. Stop." */
function findStopAlone(language: RequestLanguage, sentence: readonly Word[], sentences: TextRead['sentences']) {
  const { words: tree, reasons } = language.stopAlone;
  const found = findClause(sentence, language, phraseEnds(tree));
  return found && has(reasons, sentences, language) ? found : undefined;
}

/** "STOP. David": who signs what they ask for may also have something else to say, so it is no opt-out. */
function findSigned(language: RequestLanguage, sentence: readonly Word[], sentences: TextRead['sentences']) {
  if (sentence !== sentences[0]) return undefined;
  const [asks = [], ...rest] = sentences.flatMap(clausesOf);
  const signature = rest.flat();
  if (signature.length === 0 || signature.length > longestName) return undefined;
  // "STOP - 12345" may be meant for a program.
  if (signature.some(({ folded }) => /\p{N}/u.test(folded))) return undefined;
  return cover(asks, language, phraseEnds(language.stopAlone.signed));
}

function findClause(sentence: readonly Word[], language: RequestLanguage, endsAt: Ends) {
  for (const words of [sentence.filter(isWord), ...clausesOf(sentence)]) {
    const found = cover(words, language, endsAt);
    if (found) return found;
  }
  return undefined;
}

const phraseEnds =
  (tree: PhraseTree<true>): Ends =>
  (words, from) =>
    phrasesAt(tree, words, from).map(({ end }) => end);

/** Finds what asks in words that are nothing else, apart from polite ones. */
function cover(words: readonly Word[], { polite }: RequestLanguage, endsAt: Ends): Match | undefined {
  /** By the position that is reached: where what asks begins and ends, once something did. */
  const reached = new Map<number, { from: number; to: number } | undefined>([[0, undefined]]);
  for (let at = 0; at < words.length; at++) {
    if (!reached.has(at)) continue;
    const asked = reached.get(at);
    for (const to of endsAt(words, at)) reached.set(to, { from: asked?.from ?? at, to });
    for (const { end } of phrasesAt(polite, words, at)) if (asked ?? !reached.has(end)) reached.set(end, asked);
  }
  const { from, to } = reached.get(words.length) ?? { from: 0, to: 0 };
  const [first, last] = [words[from], words[to - 1]];
  return first && last ? [first, last] : undefined;
}

/** Whether what stands around a phrase leaves it a request: "don't stop texting me" and "if I unsubscribe" don't. */
function counts(kind: PhraseKind, language: RequestLanguage, sentence: readonly Word[], from: number): boolean {
  const { rightBefore, earlier, sameSentence } = language.notWhen;
  if (kind === 'help') return true;
  for (let start = Math.max(0, from - longestBefore); start < from; start++)
    if (ends(rightBefore, sentence, start, language).includes(from)) return false;
  if (kind === 'peace' || kind === 'person') return true;
  if (has(earlier, [sentence.slice(0, from)], language)) return false;
  return kind !== 'stop' || !has(sameSentence, [sentence], language);
}

function has(finder: Finder, sentences: ReadonlyArray<readonly Word[]>, language: RequestLanguage): boolean {
  return sentences.some((words) => words.some((_, at) => ends(finder, words, at, language).length > 0));
}

function ends(finder: Finder, words: readonly Word[], from: number, { gapStops }: RequestLanguage): number[] {
  return (finder.get(words[from]?.folded ?? '') ?? [])
    .map((pattern) => endOf(pattern, words, from, gapStops))
    .filter((end) => end !== undefined);
}
