import { readFileSync } from 'node:fs';
import { forEachWordList, type LexiconFile, parseLexiconFile, type WordList } from './lexicon-file.js';
import { createNearWords } from './near-words.js';
import { addPhrase, type PhraseTree } from './phrase-tree.js';
import type { TokenKind } from './token-kind.js';

/** Every word and phrase that the rules know, of all languages. */
export interface Lexicon {
  phrases: PhraseTree<TokenKind>;
  /** By the words of the phrase, with a blank between them. */
  kinds: ReadonlyMap<string, TokenKind>;
  /** The words of all phrases. */
  vocabulary: ReadonlySet<string>;
  /** The words that say something for which a written word may be a slip, the longest first. */
  nearKeywords: (written: string) => readonly string[];
  words: Readonly<Record<WordList, ReadonlySet<string>>>;
  contractions: ReadonlyMap<string, string>;
  misspellings: ReadonlyMap<string, string>;
  /** By language, ISO 639-1: the words that may show that a text is in it. */
  typical: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A phrase that stands in several files means what it means in the first of them. */
const languages = ['en', 'es', 'fr', 'de'];
const allLanguages = 'emoji';

/** A word of these lists says nothing, so no misspelt word is taken for it. */
const saysNothing = new Set<TokenKind>(['misleading', 'filler', 'question', 'condition', 'cheer', 'past']);

let loaded: Lexicon | undefined;

/**
 * The words in `lexicon/`, read on the first call: before the first text, when a playbook is prepared.
 *
 * @throws {LexiconError} when a file has mistakes
 */
export function lexicon(): Lexicon {
  return (loaded ??= combine(new Map([...languages, allLanguages].map((name) => [name, readLexiconFile(name)]))));
}

function readLexiconFile(name: string): LexiconFile {
  const file = `lexicon/${name}.yaml`;
  return parseLexiconFile(readFileSync(new URL(file, import.meta.url), 'utf8'), `rules/${file}`);
}

function combine(files: ReadonlyMap<string, LexiconFile>): Lexicon {
  const all = [...files.values()];
  const phrases: PhraseTree<TokenKind> = {};
  const kinds = new Map<string, TokenKind>();
  const vocabulary = new Set<string>();
  const keywords = new Set<string>();
  for (const { kind, words } of all.flatMap((file) => file.phrases)) {
    const phrase = words.join(' ');
    if (kinds.has(phrase)) continue;
    kinds.set(phrase, kind);
    addPhrase(phrases, words, kind);
    for (const word of words) {
      vocabulary.add(word);
      if (!saysNothing.has(kind)) keywords.add(word);
    }
  }
  return {
    phrases,
    kinds,
    vocabulary,
    nearKeywords: createNearWords([...keywords].sort((a, b) => b.length - a.length)),
    words: forEachWordList((name) => new Set(all.flatMap(({ words }) => words[name]))),
    contractions: new Map(all.flatMap(({ spellings }) => spellings.contractions)),
    misspellings: new Map(all.flatMap(({ spellings }) => spellings.misspellings)),
    typical: new Map(
      [...files].filter(([name]) => name !== allLanguages).map(([name, file]) => [name, typicalWords(file)]),
    ),
  };
}

function typicalWords({ phrases, words }: LexiconFile): Set<string> {
  const alone = phrases.filter((phrase) => phrase.words.length === 1).flatMap((phrase) => phrase.words);
  return new Set([...alone.filter((word) => /^\p{L}+$/u.test(word)), ...words.typical]);
}

/** The longest phrase that begins at a word, and where it ends. Words that stress it may stand in it. */
export function longestPhrase(words: readonly string[], start: number): { kind: TokenKind; end: number } | undefined {
  const { phrases, words: lists } = lexicon();
  let node = phrases;
  let found: { kind: TokenKind; end: number } | undefined;
  for (let index = start; index < words.length; index++) {
    const word = words[index] ?? '';
    const next = node.next?.get(word);
    if (!next && index > start && lists.intensifiers.has(word)) continue;
    if (!next) break;
    node = next;
    if (node.value) found = { kind: node.value, end: index + 1 };
  }
  return found;
}
