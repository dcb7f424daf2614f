import { type KeywordKind, type PhraseKind, phraseKinds } from './request-schema.js';
import type { Keyword } from './request-file.js';
import { readKeyword } from './request-keyword.js';
import { requestLanguages } from './request-languages.js';
import { findPhrase } from './request-phrase.js';
import { readText } from './request-words.js';

/** What a text asks of the service itself. */
export interface Request {
  /**
   * - `opt-out`: no more texts, for good
   * - `help`: what is this service?
   * - `start`: texts again
   * - `person`: a human being
   * - `peace`: "leave me alone", which is not clear enough for an opt-out
   */
  kind: 'opt-out' | 'help' | 'start' | 'person' | 'peace';
  /** Of the words, ISO 639-1. Words of several languages count as the first of them: "stop" is English. */
  language: string;
  /** The words of the text that ask, as they are written. */
  words: string;
}

const kindOf: Readonly<Record<Exclude<KeywordKind, 'yes'> | PhraseKind, Request['kind']>> = {
  stop: 'opt-out',
  help: 'help',
  start: 'start',
  person: 'person',
  peace: 'peace',
};

/**
 * Returns what a text asks of the service, by the words in `requests/`: a keyword of any language that is the whole
 * message, or a phrase. Of a text of more than 480 characters, only the first and the last sentence can ask, each only
 * if it has at most 240 characters. Never throws.
 *
 * @param claimed words that the playbook uses itself, each as {@link claimOf} gives it: they ask for nothing when they
 * are the whole message. Words of carriers, laws and vendors can't be claimed.
 */
export function requestIn(text: string, claimed: ReadonlySet<string> = new Set()): Request | undefined {
  const read = readText(text);
  const isClaimed = ({ sourced, words }: Keyword) => !sourced && claimed.has(words.join(' '));
  const keyword = readKeyword(read, (word) => word.kind !== 'yes' && !isClaimed(word));
  if (keyword && keyword.kind !== 'yes')
    return { kind: kindOf[keyword.kind], language: keyword.language, words: read.text };
  if (readKeyword(read, isClaimed)) return undefined;
  for (const kind of phraseKinds)
    for (const language of requestLanguages()) {
      const found = findPhrase(kind, language, read);
      if (!found) continue;
      const [{ from }, { to }] = found;
      return { kind: kindOf[kind], language: language.language, words: read.text.slice(from, to) };
    }
  return undefined;
}

/** Returns whether a text is only a word that opts in again while its sender is opted out, such as YES. */
export function isYes(text: string): boolean {
  return readKeyword(readText(text), ({ kind }) => kind === 'yes') !== undefined;
}
