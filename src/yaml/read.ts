import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { offsetOf, offsetWithin, type Path } from './place.js';

/** One mistake in a YAML file. Lines and columns count from 1. */
export interface Mistake {
  line: number;
  column: number;
  /** What is there, and what is expected. */
  what: string;
}

/** A YAML file has mistakes: all of them at once, each with its place. */
export class YamlError extends Error {
  override readonly name: string = 'YamlError';
  readonly mistakes: readonly Mistake[];

  constructor(file: string, mistakes: readonly Mistake[]) {
    super(mistakes.map(({ line, column, what }) => `${file}:${line}:${column}: ${what}`).join('\n'));
    this.mistakes = mistakes;
  }
}

/** Reports a mistake at a value, at its key, or at a character of its text. */
export type Wrong = (path: Path, what: string, at?: 'key' | 'value' | number) => void;

/** A kind of YAML file. */
export interface YamlForm<Schema extends z.ZodType> {
  /** What the file is: "a playbook". */
  is: string;
  /** Its form. It gets every scalar as a string, as it is written. */
  schema: Schema;
  /** The keys that are allowed at a place, for the message about an unknown one. */
  keysAt: (path: Path) => string;
  Failure: new (file: string, mistakes: readonly Mistake[]) => Error;
}

/** No file of ours is larger. */
const maxCharacters = 1_048_576;
const maxMistakes = 20;

/**
 * Reads a YAML file.
 *
 * @param file its name, for the errors
 * @param check reports what the schema can't check
 * @throws the form's `Failure` with every mistake, up to 20
 */
export function readYaml<Schema extends z.ZodType, Value>(
  text: string,
  file: string,
  { is, schema, keysAt, Failure }: YamlForm<Schema>,
  check: (value: z.output<Schema>, wrong: Wrong) => Value,
): Value {
  if (text.length > maxCharacters)
    throw new Failure(file, [{ line: 1, column: 1, what: `the file is larger than 1 MiB: expected ${is}` }]);
  const lines = new LineCounter();
  // The failsafe schema takes every scalar for a string: `no` and `1` are words like any other.
  const document = parseDocument(text, {
    lineCounter: lines,
    schema: 'failsafe',
    prettyErrors: false,
    uniqueKeys: true,
  });
  const mistakes: Mistake[] = [];
  const at = (offset: number, what: string) => {
    const { line, col } = lines.linePos(offset);
    mistakes.push({ line, column: col, what });
  };
  const wrong: Wrong = (path, what, place = 'value') =>
    at(typeof place === 'number' ? offsetWithin(text, document, path, place) : offsetOf(document, path, place), what);
  const throwMistakes = () => {
    if (mistakes.length === 0) return;
    throw new Failure(file, mistakes.sort((a, b) => a.line - b.line || a.column - b.column).slice(0, maxMistakes));
  };

  reportSyntax(document, at);
  throwMistakes();
  const parsed = schema.safeParse(toPlain(document, wrong));
  throwMistakes();
  if (!parsed.success) for (const issue of parsed.error.issues) reportIssue(issue, document, keysAt, wrong);
  throwMistakes();
  const value = check(parsed.data as z.output<Schema>, wrong);
  throwMistakes();
  return value;
}

function reportSyntax(document: Document.Parsed, at: (offset: number, what: string) => void): void {
  for (const { pos, message } of document.errors) at(pos[0], `not YAML: ${message}`);
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document))
        at(alias.range?.[0] ?? 0, `not YAML: there is no anchor &${alias.source} before this`);
    },
  });
}

function toPlain(document: Document, wrong: Wrong): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    wrong([], `not YAML that can be read: ${(error as Error).message}`);
    return undefined;
  }
}

function reportIssue(issue: z.core.$ZodIssue, document: Document, keysAt: (path: Path) => string, wrong: Wrong): void {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys)
      wrong([...path, key], `${JSON.stringify(key)} is not known here: expected ${keysAt(path)}`, 'key');
    return;
  }
  const found = document.getIn(path, true);
  // A key of the wrong form, or a text where one for each language is expected: report the mistake inside.
  const inner =
    issue.code === 'invalid_key'
      ? issue.issues[0]
      : issue.code === 'invalid_union' && (isMap(found) || isScalar(found))
        ? issue.errors.at(isMap(found) ? 1 : 0)?.[0]
        : undefined;
  if (inner) return reportIssue({ ...inner, path: [...path, ...inner.path] }, document, keysAt, wrong);
  const missing = found === undefined && path.length > 0 ? `${String(path.at(-1))} is missing: ` : '';
  wrong(path, `${missing}expected ${issue.message}`);
}
