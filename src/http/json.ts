import { limits } from './limits.js';
import { ProblemError } from './problem.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

const backslash = 0x5c;

/** The meaning of a byte outside a string. */
const quote = 1;
const opening = 2;
const closing = 3;
const separator = 4;
const meanings = new Uint8Array(256);
for (const [characters, meaning] of [
  ['"', quote],
  ['[{', opening],
  [']}', closing],
  [',:', separator],
] as const) {
  for (const byte of Buffer.from(characters)) meanings[byte] = meaning;
}

/**
 * Parses JSON after checking its depth and number of members, so that code can walk it safely.
 *
 * @param options.maxMembers default 100,000
 * @throws {ProblemError} 400 when the bytes are not UTF-8, not JSON, or JSON over those limits
 */
export function parseJson(body: Buffer, { maxMembers = limits.jsonMembers }: { maxMembers?: number } = {}): unknown {
  refuseComplex(body, maxMembers);
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new ProblemError('not-json');
  }
}

/** Scans single bytes: in UTF-8, no byte of a multi-byte character equals a character of JSON's syntax. */
function refuseComplex(body: Buffer, maxMembers: number): void {
  let depth = 0;
  let members = 0;
  let inString = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    const meaning = meanings[byte];
    if (meaning === quote) inString = !inString;
    else if (inString) at += byte === backslash ? 1 : 0;
    else if (meaning === opening) depth++;
    else if (meaning === closing) depth--;
    else if (meaning === separator) members++;
    if (depth > limits.jsonDepth || members > maxMembers) {
      throw new ProblemError('too-complex', {
        detail: `JSON may be ${limits.jsonDepth} levels deep and have ${maxMembers} members.`,
      });
    }
  }
}
