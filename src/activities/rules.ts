import type { Label } from '../message.js';
import { readClause, type Reading } from './rules/clause.js';
import { readEmoji } from './rules/emoji.js';
import { splitIntoSentences } from './rules/normalize.js';
import { toClauses } from './rules/scan.js';
import { weigh } from './rules/weigh.js';

/**
 * Says what a text answers, by words, negations and clauses in English, Spanish and French.
 * Whatever it can't read is Neutral. Takes milliseconds for the longest text and never throws.
 */
export function classifyByRules(text: string): Label {
  const clauses = splitIntoSentences(text).flatMap(toClauses);
  const readings = clauses.map(readClause).filter((reading): reading is Reading => reading !== undefined);
  return weigh(readings) ?? readEmoji(clauses) ?? 'Neutral';
}
