import { combineReadings } from './combine-readings.js';
import { interpretClause, type Reading } from './interpret-clause.js';
import { splitIntoSentences } from './normalize.js';
import { readEmoji } from './read-emoji.js';
import { splitIntoClauses } from './split-clauses.js';

/**
 * Says whether a text means yes or no, by words, negations and clauses in English, Spanish and French. Undefined for a
 * text that means neither, or both, or can't be read. Takes milliseconds for the longest text and never throws.
 */
export function readYesOrNo(text: string): 'yes' | 'no' | undefined {
  const clauses = splitIntoSentences(text).flatMap(splitIntoClauses);
  const readings = clauses.map(interpretClause).filter((reading): reading is Reading => reading !== undefined);
  const polarity = combineReadings(readings) ?? readEmoji(clauses);
  return polarity === 'unsure' ? undefined : polarity;
}
