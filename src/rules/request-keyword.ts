import type { Keyword } from './request-file.js';
import { type RequestLanguage, requestLanguages } from './request-languages.js';
import { phrasesAt } from './request-pattern.js';
import { foldWord, isWord, readText, type TextRead, type Word } from './request-words.js';

/** A word or phrase as a playbook claims it: folded, so that "Cancelar!" and "cancelar" are the same. */
export function claimOf(phrase: string): string {
  return wordsOf(readText(phrase))
    .map(({ folded }) => folded)
    .join(' ');
}

/**
 * Reads a text that is nothing but a keyword, alone, repeated, or with polite words around it.
 *
 * @param accept says which keywords count
 */
export function readKeyword(
  read: TextRead,
  accept: (keyword: Keyword) => boolean,
): { kind: Keyword['kind']; language: string } | undefined {
  const words = wordsOf(read);
  if (!read.whole || words.length === 0) return undefined;
  for (const language of requestLanguages()) {
    const found = readFrom(words, 0, { language, accept, failed: new Set() });
    if (found) return found;
  }
  return undefined;
}

interface Found {
  kind: Keyword['kind'];
  language: string;
}

interface Reading {
  language: RequestLanguage;
  accept: (keyword: Keyword) => boolean;
  /** From where, and after which kind, the rest can't be read: each is tried once, however many words are repeated. */
  failed: Set<string>;
}

function readFrom(words: readonly Word[], at: number, reading: Reading, found?: Found): Found | undefined {
  if (at === words.length) return found;
  const state = `${at} ${found?.kind}`;
  const { language, accept, failed } = reading;
  if (failed.has(state)) return undefined;
  for (const { end, value: keyword } of phrasesAt(language.keywords, words, at)) {
    if (!accept(keyword) || (found && found.kind !== keyword.kind)) continue;
    const whole = readFrom(words, end, reading, { kind: keyword.kind, language: keyword.language });
    if (whole) return whole;
  }
  for (const { end } of phrasesAt(language.polite, words, at)) {
    const whole = readFrom(words, end, reading, found);
    // "STOP svp" is French.
    if (whole) return { ...whole, language: language.language };
  }
  failed.add(state);
  return undefined;
}

function wordsOf({ sentences }: TextRead): Word[] {
  const words = sentences.flat().filter(isWord);
  const [first] = words;
  const spelt = words.length > 2 && words.every(({ folded }) => /^\p{L}$/u.test(folded));
  if (!first || !spelt) return words;
  // "S T O P"
  return [{ ...first, folded: foldWord(words.map(({ folded }) => folded).join('')), to: words.at(-1)?.to ?? first.to }];
}
