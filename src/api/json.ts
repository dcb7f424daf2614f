import { ProblemError } from './problem.js';

/** A message is 3 deep in a batch; what gateways add of their own is not much deeper. */
export const deepest = 32;

/** A batch of 1,000 messages with 50 fields each. */
export const mostMembers = 100_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const backslash = 0x5c;

/** What a byte means outside a string. */
const quote = 1;
const opening = 2;
const closing = 3;
const separator = 4;
const meanings = new Uint8Array(256);
for (const [characters, meaning] of [['"', quote], ['[{', opening], [']}', closing], [',:', separator]] as const) {
  for (const byte of Buffer.from(characters)) meanings[byte] = meaning;
}

/**
 * Parses JSON whose depth and number of members are bounded beforehand, so that whatever walks it is safe.
 *
 * @throws {ProblemError} 400 when the bytes are not UTF-8 or not JSON, or are JSON past those bounds
 */
export function parseJson(body: Buffer): unknown {
  refuseComplex(body);
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new ProblemError('not-json', 'The body must be JSON in UTF-8.');
  }
}

/** One look at the bytes: in UTF-8 none of a longer character's is one of JSON's marks. */
function refuseComplex(body: Buffer): void {
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
    if (depth > deepest || members > mostMembers) {
      throw new ProblemError('too-complex', `JSON may be ${deepest} levels deep and have ${mostMembers} members.`);
    }
  }
}
