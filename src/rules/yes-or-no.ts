import { readClause, type Reading } from './clause.js';
import { readEmoji } from './emoji.js';
import { splitIntoSentences } from './normalize.js';
import { toClauses } from './scan.js';
import { weigh } from './weigh.js';

/**
 * Says what a text answers to a yes-or-no question, by words, negations and clauses in English, Spanish and French. Undefined
 * for whatever is neither, or both, or can't be read. Takes milliseconds for the longest text and never throws.
 */
export function readYesOrNo(text: string): 'yes' | 'no' | undefined {
  const clauses = splitIntoSentences(text).flatMap(toClauses);
  const readings = clauses.map(readClause).filter((reading): reading is Reading => reading !== undefined);
  const answer = weigh(readings) ?? readEmoji(clauses);
  return answer === 'open' ? undefined : answer;
}
