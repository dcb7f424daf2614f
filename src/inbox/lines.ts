import type { HandSent } from '../domain/hand-sent.js';
import type { Post } from '../domain/intake.js';
import type { InboundMessage } from '../domain/message.js';
import type { Receipt } from '../domain/receipt.js';

/** What a line holds: a message, a receipt, or a text that a person wrote by hand. */
export type Item = InboundMessage | Receipt | HandSent;

/** Writes what a post brings as text: one line of JSON for each item. An entry of the inbox is kept in this form. */
export function toLines({
  messages,
  receipts = [],
  handSent = [],
}: Pick<Post, 'messages' | 'receipts' | 'handSent'>): string {
  let lines = '';
  for (const items of [messages, receipts, handSent])
    for (const item of items) lines += lines === '' ? JSON.stringify(item) : `\n${JSON.stringify(item)}`;
  return lines;
}

export const itemIn = (line: string) => JSON.parse(line) as Item;

export const isReceipt = (item: Item): item is Receipt => 'mark' in item;

export const isHandSent = (item: Item): item is HandSent => 'handSent' in item;

/** Returns the id of a message or of a text by hand, or the mark of a receipt. */
export function idIn(line: string): string {
  const item = itemIn(line);
  return isReceipt(item) ? item.mark : item.id;
}

/**
 * Creates a test for lines with messages of a sender, or texts by hand to them. It doesn't parse them: inside a text,
 * JSON escapes the quotes.
 */
export function linesFrom(sender: string): (lines: string) => boolean {
  const field = `"sender":${JSON.stringify(sender)}`;
  return (lines) => lines.includes(field);
}
