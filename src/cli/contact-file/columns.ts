import type { Contact } from '../../domain/contact.js';
import { asText } from '../cell-text.js';

/** The columns of a file of contacts. Only `number` is required. */
export const columns = ['number', 'since', 'source', 'words', 'state'] as const;
export type Column = (typeof columns)[number];

/** Returns a contact as one line of the file. */
export function lineOf({ sender, since, source, words = '', state }: Contact): Record<Column, string> {
  return { number: sender, since, source: asText(source), words: asText(words), state };
}
