import type { InboundMessage } from '../domain/message.js';

/** Writes messages as text: one line of JSON for each. An entry of the inbox is kept in this form. */
export function toLines(messages: readonly InboundMessage[]): string {
  let lines = '';
  for (const message of messages) lines += lines === '' ? JSON.stringify(message) : `\n${JSON.stringify(message)}`;
  return lines;
}

export const messageIn = (line: string) => JSON.parse(line) as InboundMessage;

/**
 * Creates a test for lines with messages of a sender. It doesn't parse them: inside a text, JSON escapes the quotes.
 */
export function linesFrom(sender: string): (lines: string) => boolean {
  const field = `"sender":${JSON.stringify(sender)}`;
  return (lines) => lines.includes(field);
}
