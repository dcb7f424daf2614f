import { z } from 'zod';
import { readYaml, type Wrong, YamlError } from '../yaml/read.js';
import { expand, readEntries } from './notation.js';
import { type TokenKind, tokenKinds } from './token-kind.js';

/** Lists of single words. A comment in `lexicon/en.yaml` says what each is for. */
const wordLists = [
  'intensifiers',
  'clause_joiners',
  'subjects',
  'question_may_follow',
  'other_people',
  'before_none',
  'denials',
  'clause_starts',
  'opinion_verbs',
  'never_corrected',
  'typical',
] as const;

export type WordList = (typeof wordLists)[number];

const spellings = ['contractions', 'misspellings'] as const;

/** The words of a language, folded. */
export interface LexiconFile {
  /** In the order of the file. */
  phrases: ReadonlyArray<{ kind: TokenKind; words: readonly string[] }>;
  words: Readonly<Record<WordList, readonly string[]>>;
  /** Each spelling, and the word that it stands for. */
  spellings: Readonly<Record<(typeof spellings)[number], ReadonlyArray<readonly [string, string]>>>;
}

/** A file of the lexicon has mistakes: all of them at once, each with its place. */
export class LexiconError extends YamlError {
  override readonly name = 'LexiconError';
}

const list = z.string({
  error: 'a block of text: put "|" after the name of the list, and the words and phrases on the lines below',
});
const meant = z.string({ error: 'the corrected word' });

const schema = z.strictObject(
  {
    phrases: z.partialRecord(z.enum(tokenKinds), list, { error: 'lists of phrases' }).default({}),
    words: z.partialRecord(z.enum(wordLists), list, { error: 'lists of words' }).default({}),
    spellings: z
      .partialRecord(z.enum(spellings), z.record(z.string(), meant, { error: 'words, as "nto: not"' }))
      .default({}),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'a map with phrases, words or spellings' : undefined) },
);

const keysIn: Readonly<Record<string, string>> = {
  phrases: tokenKinds.join(', '),
  words: wordLists.join(', '),
  spellings: spellings.join(' or '),
};
const form = {
  is: 'a lexicon',
  schema,
  keysAt: ([section]: readonly PropertyKey[]) => keysIn[String(section)] ?? 'phrases, words or spellings',
  Failure: LexiconError,
};

/**
 * Reads the words of a language.
 *
 * @param file its name, for the errors
 * @throws {LexiconError} with every mistake, up to 20
 */
export function parseLexiconFile(text: string, file: string): LexiconFile {
  return readYaml(text, file, form, (parsed, wrong) => ({
    phrases: readPhrases(parsed.phrases, wrong),
    words: forEachWordList((name) => readWords(name, parsed.words[name] ?? '', wrong)),
    spellings: {
      contractions: readSpellings('contractions', parsed.spellings.contractions, 2, wrong),
      misspellings: readSpellings('misspellings', parsed.spellings.misspellings, 1, wrong),
    },
  }));
}

/** A value for each list of words. */
export function forEachWordList<Value>(make: (name: WordList) => Value): Record<WordList, Value> {
  return Object.fromEntries(wordLists.map((name) => [name, make(name)])) as unknown as Record<WordList, Value>;
}

function readPhrases(lists: z.output<typeof schema>['phrases'], wrong: Wrong): LexiconFile['phrases'] {
  const kinds = new Map<string, string>();
  return Object.entries(lists).flatMap(([kind, text]) =>
    readEntries(text, (what, index) => wrong(['phrases', kind], what, index)).flatMap(({ written, parts, index }) =>
      expand(parts).map((words) => {
        const phrase = words.join(' ');
        const other = kinds.get(phrase);
        if (other !== undefined)
          wrong(
            ['phrases', kind],
            `${JSON.stringify(written)}: "${phrase}" is in the list ${other} already: expected each phrase once`,
            index,
          );
        kinds.set(phrase, kind);
        return { kind: kind as TokenKind, words };
      }),
    ),
  );
}

function readWords(name: string, text: string, wrong: Wrong): string[] {
  const seen = new Set<string>();
  for (const { written, parts, index } of readEntries(text, (what, at) => wrong(['words', name], what, at))) {
    const [word, ...others] = expand(parts).flat();
    if (word === undefined || others.length > 0)
      wrong(['words', name], `${JSON.stringify(written)}: expected a single word`, index);
    else if (seen.has(word))
      wrong(['words', name], `"${word}" is in this list already: expected each word once`, index);
    else seen.add(word);
  }
  return [...seen];
}

function readSpellings(
  name: (typeof spellings)[number],
  meanings: Readonly<Record<string, string>> = {},
  length: 1 | 2,
  wrong: Wrong,
): Array<[string, string]> {
  return Object.entries(meanings).map(([written, meant]) => {
    const path = ['spellings', name, written];
    const wordsOf = (text: string, at: 'key' | 'value') =>
      readEntries(text, (what) => wrong(path, what, at)).flatMap(({ parts }) => expand(parts).flat());
    const [from, to] = [wordsOf(written, 'key'), wordsOf(meant, 'value')];
    if (from.length !== length)
      wrong(path, `${JSON.stringify(written)}: expected ${length === 1 ? 'a single word' : 'two words'}`, 'key');
    if (to.length !== 1) wrong(path, `${JSON.stringify(meant)}: expected a single word`);
    return [from.join(' '), to.join(' ')];
  });
}
