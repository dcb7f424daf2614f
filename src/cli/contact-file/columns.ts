import type { Contact } from '../../domain/contact.js';

/** The columns of a file of contacts. Only `number` is required. */
export const columns = ['number', 'since', 'source', 'words', 'state'] as const;
export type Column = (typeof columns)[number];

/** Returns a contact as one line of the file. */
export function lineOf({ sender, since, source, words = '', state }: Contact): Record<Column, string> {
  return { number: sender, since, source: asText(source), words: asText(words), state };
}

/**
 * Puts an apostrophe before a text that a spreadsheet would run as a formula: words are written by senders. One more
 * apostrophe stands before those that begin with one, so that `fromText` gives the same text back.
 */
const asText = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** Removes the apostrophe of `asText`. */
export const fromText = (written: string): string => (/^'+[=+\-@\t\r]/.test(written) ? written.slice(1) : written);
