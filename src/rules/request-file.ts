import { readYaml, type Wrong } from '../yaml/read.js';
import { expand, readEntries } from './notation.js';
import { addPhrase, type PhraseTree } from './phrase-tree.js';
import { type Groups, type Pattern, readPatterns } from './request-pattern.js';
import {
  type Exception,
  exceptions,
  type KeywordKind,
  type ParsedRequestFile as Parsed,
  type PhraseKind,
  phraseKinds,
  requestForm,
} from './request-schema.js';
import { foldWord, pause, question } from './request-words.js';

/** A word or phrase that asks for something when it is the whole message. */
export interface Keyword {
  kind: KeywordKind;
  words: readonly string[];
  /** From a carrier, a law or a vendor: no playbook can claim it. */
  sourced: boolean;
}

/** What a language says when it asks for something. */
export interface RequestFile {
  keywords: readonly Keyword[];
  /** May stand before or after what asks. */
  polite: PhraseTree<true>;
  phrases: Readonly<Record<PhraseKind, { whole: readonly Pattern[]; within: readonly Pattern[] }>>;
  stopAlone: { words: PhraseTree<true>; signed: PhraseTree<true>; reasons: readonly Pattern[] };
  notWhen: Readonly<Record<Exception, readonly Pattern[]>>;
  /** What `...` does not skip. */
  gapStops: PhraseTree<true>;
}

/**
 * Reads the requests of a language.
 *
 * @param file its name, for the errors
 * @throws {RequestFileError} with every mistake, up to 20
 */
export function parseRequestFile(text: string, file: string): RequestFile {
  return readYaml(text, file, requestForm, (parsed, wrong) => {
    const groups = readGroups(parsed.groups, wrong);
    const patterns = (path: string[], written = '') =>
      readPatterns(written, groups, (what, index) => wrong(path, what, index));
    const phrasesOf = (kind: PhraseKind) => ({
      whole: patterns(['phrases', kind, 'whole'], parsed.phrases[kind]?.whole),
      within: patterns(['phrases', kind, 'within'], parsed.phrases[kind]?.within),
    });
    return {
      keywords: readKeywords(parsed.keywords, wrong),
      polite: readTree(parsed.polite, ['polite'], wrong),
      phrases: recordOf(phraseKinds, phrasesOf),
      stopAlone: {
        words: readTree(parsed.stop_alone.words, ['stop_alone', 'words'], wrong),
        signed: readTree(parsed.stop_alone.signed, ['stop_alone', 'signed'], wrong),
        reasons: patterns(['stop_alone', 'reasons'], parsed.stop_alone.reasons),
      },
      notWhen: recordOf(exceptions, (name) => patterns(['not_when', name], parsed.not_when[name])),
      gapStops: groups.get('gap_stops') ?? {},
    };
  });
}

/** A value for each name. */
function recordOf<Name extends string, Value>(names: readonly Name[], make: (name: Name) => Value) {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>;
}

function readPhrases(written: string, path: string[], wrong: Wrong) {
  return readEntries(written, (what, index) => wrong(path, what, index)).flatMap((entry) =>
    expand(entry.parts).map((words) => ({ ...entry, words: words.map(foldWord) })),
  );
}

function readTree(written: string, path: string[], wrong: Wrong): PhraseTree<true> {
  const tree: PhraseTree<true> = {};
  for (const { words } of readPhrases(written, path, wrong)) addPhrase(tree, words, true);
  return tree;
}

function readGroups(lists: Parsed['groups'], wrong: Wrong): Groups {
  const marks = Object.entries({ comma: pause, question }).map(([name, mark]) => {
    const tree: PhraseTree<true> = {};
    addPhrase(tree, [mark], true);
    return [name, tree] as const;
  });
  const named = Object.entries(lists).map(([name, text]) => [name, readTree(text, ['groups', name], wrong)] as const);
  return new Map([...marks, ...named]);
}

function readKeywords({ yes, ...lists }: Parsed['keywords'], wrong: Wrong): Keyword[] {
  const kinds = new Map<string, KeywordKind>();
  const read = (kind: KeywordKind, sourced: boolean, path: string[], written: string) =>
    readPhrases(written, path, wrong).flatMap((phrase): Keyword[] => {
      const key = phrase.words.join(' ');
      const other = kinds.get(key);
      if (other !== undefined && other !== kind)
        wrong(
          path,
          `${JSON.stringify(phrase.written)} is in the list ${other} already: expected each phrase once`,
          phrase.index,
        );
      kinds.set(key, kind);
      return other === undefined ? [{ kind, words: phrase.words, sourced }] : [];
    });
  return [
    ...(['stop', 'help', 'start', 'person'] as const).flatMap((kind) => [
      ...read(kind, true, ['keywords', kind, 'sourced'], lists[kind].sourced),
      ...read(kind, false, ['keywords', kind, 'common'], lists[kind].common),
    ]),
    ...read('yes', true, ['keywords', 'yes'], yes),
  ];
}
