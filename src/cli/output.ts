import { harmless } from '../log.js';

export interface Streams {
  out: NodeJS.WriteStream;
  err: NodeJS.WriteStream;
}

export interface Output {
  readonly json: boolean;
  /** Whether somebody looks at what is printed: then what could command a terminal is escaped. */
  readonly terminal: boolean;
  /** What was asked for, on stdout: one JSON document with `--json`, else the text. */
  print(document: unknown, text: string): void;
  /** Bytes as they are, on stdout. */
  printRaw(bytes: Uint8Array): void;
  /** Talk, on stderr. */
  say(line: string): void;
  /** Colours a word on a terminal, unless NO_COLOR is set. */
  paint(colour: Colour, text: string): string;
}

const colours = { red: 31, green: 32, yellow: 33, dim: 2 } as const;
export type Colour = keyof typeof colours;

/** Data goes to stdout and talk to stderr, so that a pipe gets data only. */
export function createOutput({ out, err }: Streams, { json, noColor }: { json: boolean; noColor: boolean }): Output {
  const coloured = out.isTTY && !noColor;
  return {
    json,
    terminal: out.isTTY,
    print: (document, text) => void out.write(`${json ? harmless(JSON.stringify(document, undefined, 2)) : text}\n`),
    printRaw: (bytes) => void out.write(bytes),
    say: (line) => void err.write(`${visible(line)}\n`),
    paint: (colour, text) => (coloured ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text),
  };
}

/** What could command a terminal, in characters that do nothing; line breaks and tabs stay. */
export function visible(text: string): string {
  return harmless(text.replace(/[\u0000-\u0008\u000b-\u001f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

/** Columns as wide as what is in them; the first row is the head. What is in a cell stays in its line. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const cells = rows.map((row) => row.map((cell) => visible(cell.replace(/\s+/g, ' '))));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => Array.from(row[column] ?? '').length)));
  return cells.map((row) => row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - Array.from(cell).length)).join('  ').trimEnd()).join('\n');
}

/** Names and what they are, one a line; what is absent is left out. */
export function facts(pairs: ReadonlyArray<readonly [string, string | undefined]>): string {
  return table(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
