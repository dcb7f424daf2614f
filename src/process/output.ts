import { harmless } from '../log/escape.js';

export interface Streams {
  out: NodeJS.WriteStream;
  err: NodeJS.WriteStream;
}

export interface Output {
  readonly json: boolean;
  /** True when stdout is a terminal. Control characters must then be escaped. */
  readonly terminal: boolean;
  /** Prints the result on stdout: one JSON document with `--json`, otherwise the text. */
  print(document: unknown, text: string): void;
  /** Writes unchanged bytes to stdout. */
  printRaw(bytes: Uint8Array): void;
  /** Prints a message on stderr. */
  say(line: string): void;
  /** Colours a text on a terminal, unless NO_COLOR is set. */
  paint(colour: Colour, text: string): string;
}

const colours = { red: 31, green: 32, yellow: 33, dim: 2 } as const;
export type Colour = keyof typeof colours;

/** Writes data to stdout and messages to stderr, so that a pipe gets only data. */
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

/** Escapes characters that could control a terminal. Line breaks and tabs stay. */
export function visible(text: string): string {
  return harmless(
    text.replace(
      /[\u0000-\u0008\u000b-\u001f]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}

/** Formats rows as aligned columns. The first row is the header. White space in a cell becomes one space. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const cells = rows.map((row) => row.map(visibleCell));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => Array.from(row[column] ?? '').length)),
  );
  return cells.map((row) => padded(row, widths)).join('\n');
}

/** Formats one row of a table whose other rows come later. A longer cell moves those behind it. */
export const tableRow = (cells: readonly string[], widths: readonly number[]): string =>
  padded(cells.map(visibleCell), widths);

const visibleCell = (cell: string): string => visible(cell.replace(/\s+/g, ' '));

const padded = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - Array.from(cell).length)))
    .join('  ')
    .trimEnd();

/** Formats names and values, one pair a line. Leaves out undefined values. */
export function facts(pairs: ReadonlyArray<readonly [string, string | undefined]>): string {
  return table(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
