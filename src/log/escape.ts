/**
 * Characters that could break a line or control a terminal, and that pino does not escape: control characters, line
 * separators, direction marks, lone surrogates.
 */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Cs}]/gu;

/** Escapes the unsafe characters of a JSON line. The JSON value stays the same. */
export function harmless(line: string): string {
  return line.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for a JSON line that `pino-pretty` parses and prints: in its output the escapes are still escapes. */
export function harmlessShown(line: string): string {
  return harmless(line).replace(/\\\\|\\u[0-9a-f]{4}|\\[nrtbf]/g, (escape) =>
    escape === '\\\\' ? escape : `\\${escape}`,
  );
}
