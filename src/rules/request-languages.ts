import { readFileSync } from 'node:fs';
import { addPhrase, type PhraseTree } from './phrase-tree.js';
import { type Keyword, parseRequestFile, type RequestFile } from './request-file.js';
import { firstWords, type Pattern } from './request-pattern.js';
import { type PhraseKind, phraseKinds } from './request-schema.js';

/** The patterns of a list, by the word that a text must have where one begins. */
export type Finder = ReadonlyMap<string, readonly Pattern[]>;

/** The requests of a language, prepared for looking them up in a text. */
export interface RequestLanguage extends Pick<RequestFile, 'polite' | 'gapStops'> {
  /** ISO 639-1. */
  language: string;
  /** With the sourced ones of all languages. */
  keywords: PhraseTree<Keyword & { language: string }>;
  phrases: Readonly<Record<PhraseKind, { whole: Finder; within: Finder }>>;
  stopAlone: { words: PhraseTree<true>; signed: PhraseTree<true>; reasons: Finder };
  notWhen: { rightBefore: Finder; earlier: Finder; sameSentence: Finder; sameText: Finder };
}

/** A phrase that stands in several files is taken for the first of their languages. */
const languages = [
  ...['en', 'es', 'fr', 'pt', 'de', 'it'],
  ...['no', 'pl', 'tr', 'ru', 'el', 'ar', 'he', 'zh', 'ja', 'ko', 'vi', 'hi'],
];

let loaded: RequestLanguage[] | undefined;

/**
 * The files in `requests/`, read on the first call.
 *
 * @throws {RequestFileError} when a file has mistakes
 */
export function requestLanguages(): readonly RequestLanguage[] {
  return (loaded ??= prepare(languages.map((language) => [language, readRequestFile(language)])));
}

function readRequestFile(language: string): RequestFile {
  const file = `requests/${language}.yaml`;
  return parseRequestFile(readFileSync(new URL(file, import.meta.url), 'utf8'), `rules/${file}`);
}

function prepare(files: ReadonlyArray<readonly [string, RequestFile]>): RequestLanguage[] {
  const all = files.flatMap(([language, { keywords }]) => keywords.map((keyword) => ({ ...keyword, language })));
  return files.map(([language, file]) => {
    const keywords: RequestLanguage['keywords'] = {};
    const sourcedFirst = [...all.filter(({ sourced }) => sourced), ...all.filter((word) => word.language === language)];
    for (const keyword of sourcedFirst) addPhrase(keywords, keyword.words, keyword);
    const { phrases, stopAlone, notWhen } = file;
    return {
      language,
      polite: file.polite,
      gapStops: file.gapStops,
      keywords,
      phrases: Object.fromEntries(
        phraseKinds.map((kind) => [
          kind,
          { whole: finderOf(phrases[kind].whole), within: finderOf(phrases[kind].within) },
        ]),
      ) as RequestLanguage['phrases'],
      stopAlone: { ...stopAlone, reasons: finderOf(stopAlone.reasons) },
      notWhen: {
        rightBefore: finderOf(notWhen.right_before),
        earlier: finderOf(notWhen.earlier),
        sameSentence: finderOf(notWhen.same_sentence),
        sameText: finderOf(notWhen.same_text),
      },
    };
  });
}

function finderOf(patterns: readonly Pattern[]): Finder {
  const finder = new Map<string, Pattern[]>();
  for (const pattern of patterns)
    for (const word of firstWords(pattern)) {
      const others = finder.get(word);
      if (others) others.push(pattern);
      else finder.set(word, [pattern]);
    }
  return finder;
}
