import { z } from 'zod';
import { YamlError } from '../yaml/read.js';

const keywordKinds = ['stop', 'help', 'start', 'person', 'yes'] as const;
export const phraseKinds = ['start', 'stop', 'person', 'peace', 'help'] as const;
export const exceptions = ['right_before', 'earlier', 'same_sentence', 'same_text'] as const;

export type KeywordKind = (typeof keywordKinds)[number];
export type Exception = (typeof exceptions)[number];
export type PhraseKind = (typeof phraseKinds)[number];

/** A file of requests has mistakes: all of them at once, each with its place. */
export class RequestFileError extends YamlError {
  override readonly name = 'RequestFileError';
}

const list = z.string({
  error: 'a block of text: put "|" after the name of the list, and the words and phrases on the lines below',
});
const map = (what: string) => ({
  error: (issue: { code?: string }) => (issue.code === 'invalid_type' ? what : undefined),
});
const source = z.strictObject({ sourced: list.default(''), common: list.default('') }, map('sourced or common'));
const place = z.strictObject({ whole: list.default(''), within: list.default('') }, map('whole or within'));
const keywordsOf = z.strictObject(
  {
    ...{ stop: source.prefault({}), help: source.prefault({}), start: source.prefault({}) },
    ...{ person: source.prefault({}), yes: list.default('') },
  },
  map(`a map with ${keywordKinds.join(', ')}`),
);

const schema = z.strictObject(
  {
    polite: list.default(''),
    keywords: keywordsOf,
    groups: z.record(z.string(), list, { error: 'lists of phrases, each with a name' }).default({}),
    phrases: z.partialRecord(z.enum(phraseKinds), place, { error: 'phrases of each kind' }).default({}),
    stop_alone: z
      .strictObject(
        { words: list.default(''), signed: list.default(''), reasons: list.default('') },
        map('words, signed and reasons'),
      )
      .prefault({}),
    not_when: z.partialRecord(z.enum(exceptions), list, { error: 'lists of phrases' }).default({}),
  },
  map('a map with polite, keywords, groups, phrases, stop_alone or not_when'),
);

export type ParsedRequestFile = z.output<typeof schema>;

const keysIn: Readonly<Record<string, string>> = {
  keywords: keywordKinds.join(', '),
  phrases: phraseKinds.join(', '),
  stop_alone: 'words, signed or reasons',
  not_when: exceptions.join(', '),
};

/** The form of a file in `requests/`. */
export const requestForm = {
  is: 'words of requests',
  schema,
  keysAt: ([section, kind]: readonly PropertyKey[]) => {
    if (kind !== undefined && section === 'keywords') return 'sourced or common';
    if (kind !== undefined && section === 'phrases') return 'whole or within';
    return keysIn[String(section)] ?? 'polite, keywords, groups, phrases, stop_alone or not_when';
  },
  Failure: RequestFileError,
};
