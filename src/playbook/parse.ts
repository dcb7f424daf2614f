import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { phraseOf } from '../rules/phrase.js';
import type { LabelRule, Playbook } from './playbook.js';
import { type PlaybookFile, playbookFile } from './schema.js';
import { describeSegments, segmentsOf } from './segments.js';

/** One thing that is wrong in a playbook file. Lines and columns count from 1. */
export interface Fault {
  line: number;
  column: number;
  /** What is there, and what is expected. */
  what: string;
}

/** A playbook file does not fit: every fault at once, each with its place. */
export class PlaybookError extends Error {
  override readonly name = 'PlaybookError';
  readonly faults: readonly Fault[];

  constructor(file: string, faults: readonly Fault[]) {
    super(faults.map(({ line, column, what }) => `${file}:${line}:${column}: ${what}`).join('\n'));
    this.faults = faults;
  }
}

type Path = ReadonlyArray<PropertyKey>;
type Wrong = (path: Path, what: string, of?: 'key' | 'value') => void;

/** A file above it is no playbook. */
const mostCharacters = 1_048_576;
const mostFaults = 20;

/**
 * Reads a playbook.
 *
 * @param file its name, for the errors
 * @throws {PlaybookError} with every fault, up to 20
 */
export function parsePlaybook(text: string, file: string): Playbook {
  if (text.length > mostCharacters) throw new PlaybookError(file, [{ line: 1, column: 1, what: 'the file is larger than 1 MiB: expected a playbook' }]);
  const lines = new LineCounter();
  // Of the failsafe schema, which takes every scalar for a string.
  const document = parseDocument(text, { lineCounter: lines, schema: 'failsafe', prettyErrors: false, uniqueKeys: true });
  const faults: Fault[] = [];
  const at = (offset: number, what: string) => {
    const { line, col } = lines.linePos(offset);
    faults.push({ line, column: col, what });
  };
  const wrong: Wrong = (path, what, of = 'value') => at(offsetOf(document, path, of), what);
  const check = () => {
    if (faults.length > 0) throw new PlaybookError(file, faults.sort((a, b) => a.line - b.line || a.column - b.column).slice(0, mostFaults));
  };

  for (const { pos, message } of document.errors) at(pos[0], `not YAML: ${message}`);
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document)) at(alias.range?.[0] ?? 0, `not YAML: there is no anchor &${alias.source} before this`);
    },
  });
  check();
  const parsed = playbookFile.safeParse(toPlain(document, wrong));
  check();
  if (!parsed.success) for (const issue of parsed.error.issues) report(issue, document, wrong);
  check();
  const playbook = toPlaybook(parsed.data as PlaybookFile);
  judge(playbook, wrong);
  check();
  return playbook;
}

function toPlain(document: Document, wrong: Wrong): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    wrong([], `not YAML that can be read: ${(error as Error).message}`);
    return undefined;
  }
}

function report(issue: z.core.$ZodIssue, document: Document, wrong: Wrong): void {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) wrong([...path, key], `${JSON.stringify(key)} is not known here: expected ${path.length === 0 ? 'otherwise, language, segments or labels' : 'meaning, counts_as, words, answers or silence'}`, 'key');
    return;
  }
  const found = document.getIn(path, true);
  // A key of the wrong form, or a text where one for each language is expected, is told by what is inside.
  const inner = issue.code === 'invalid_key' ? issue.issues[0] : issue.code === 'invalid_union' && (isMap(found) || isScalar(found)) ? issue.errors.at(isMap(found) ? 1 : 0)?.[0] : undefined;
  if (inner) return report({ ...inner, path: [...path, ...inner.path] }, document, wrong);
  wrong(path, `${found === undefined && path.length > 0 ? `${String(path.at(-1))} is missing: ` : ''}expected ${issue.message}`);
}

/** Where a value starts, or its key where the value is missing or no scalar; for what is not there at all, what should hold it. */
function offsetOf(document: Document, path: Path, of: 'key' | 'value' = 'value'): number {
  const [...parents] = path;
  const key = parents.pop();
  if (key === undefined) return document.contents?.range?.[0] ?? 0;
  const parent = parents.length === 0 ? document.contents : (document.getIn(parents, true) as Node | undefined);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key: name }) => isScalar(name) && name.value === key);
    const place = pair && (of === 'value' && isScalar(pair.value) && pair.value.value !== '' ? pair.value : pair.key);
    if (isNode(place) && place.range) return place.range[0];
  }
  const found = document.getIn(path, true);
  if (isNode(found) && found.range) return found.range[0];
  return offsetOf(document, parents);
}

function toPlaybook({ labels, ...file }: PlaybookFile): Playbook {
  const toRule = ({ meaning, counts_as, words = [], answers }: PlaybookFile['labels'][string]): LabelRule => ({
    meaning,
    ...(counts_as && { countsAs: counts_as }),
    words,
    answers: answers === undefined ? null : typeof answers === 'string' ? { [file.language]: answers } : answers,
  });
  return { ...file, labels: Object.fromEntries(Object.entries(labels).map(([name, rule]) => [name, toRule(rule)])) };
}

/** What no form can say. */
function judge({ otherwise, language, segments, labels }: Playbook, wrong: Wrong): void {
  if (!Object.hasOwn(labels, otherwise)) wrong(['otherwise'], `${JSON.stringify(otherwise)} is none of the labels: expected ${Object.keys(labels).join(', ')}`);
  const counted = new Map<string, string>();
  const claimed = new Map<string, string>();
  for (const [name, { countsAs, words, answers }] of Object.entries(labels)) {
    const other = countsAs && counted.get(countsAs);
    if (other !== undefined) wrong(['labels', name, 'counts_as'], `${other} counts as ${countsAs} already: expected one label for each`);
    if (countsAs) counted.set(countsAs, name);
    words.forEach((word, index) => judgeWord(word, name, claimed, (what) => wrong(['labels', name, 'words', index], what)));
    if (answers && !Object.hasOwn(answers, language)) wrong(['labels', name, 'answers'], `${language} is missing: expected an answer in the language of the playbook`);
    for (const [of, text] of Object.entries(answers ?? {})) {
      const count = segmentsOf(text);
      if (count.segments > segments) {
        const path = ['labels', name, 'answers', of];
        wrong(path, `the answer takes ${describeSegments(count)}: expected at most ${segments}; shorten it, or raise segments`);
      }
    }
  }
}

function judgeWord(word: string, label: string, claimed: Map<string, string>, wrong: (what: string) => void): void {
  const phrase = phraseOf(word).join(' ');
  if (phrase === '') return wrong(`${JSON.stringify(word)} has no letter, digit or emoji: expected a word or phrase`);
  const other = claimed.get(phrase);
  if (other !== undefined) return wrong(`${JSON.stringify(word)} is a word of ${other} already: expected each word once`);
  claimed.set(phrase, label);
}
