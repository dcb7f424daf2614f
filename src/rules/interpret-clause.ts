import { createExtent } from './extent.js';
import { findStances } from './polarity.js';
import type { Clause, Link, Token } from './split-clauses.js';
import type { Stance } from './stances.js';

/** What one clause says, and how it follows on the one before it. */
export interface Reading extends Omit<Stance, 'polarity'> {
  polarity: Stance['polarity'] | 'opt-out';
  link: Link;
  /** Whether it describes the past. */
  past?: boolean;
}

const mayStandWithOptOut = new Set<Token['kind']>([
  'opt_out_alone',
  'filler',
  'yes',
  'no_or_none',
  'agree',
  'certainly',
  'thumb_down',
]);

/** Reads a clause by itself. Undefined when it says nothing, as most clauses do. */
export function interpretClause({ tokens, link, asked }: Clause): Reading | undefined {
  const kinds = new Set(tokens.map(({ kind }) => kind));
  const optsOutAlone = kinds.has('opt_out_alone') && [...kinds].every((kind) => mayStandWithOptOut.has(kind));
  const past = kinds.has('past');

  if (kinds.has('opt_out')) return { polarity: 'opt-out', weight: 3, link };
  if (endsWith(tokens, 'yes_as_question')) return { polarity: 'yes', weight: 2, link };
  if (kinds.has('no_as_question')) return { polarity: 'no', weight: 2, link };
  if (asked || startsAQuestion(tokens)) return undefined;
  if (optsOutAlone) return { polarity: 'opt-out', weight: 3, link };
  if (kinds.has('unsure')) return { polarity: 'unsure', weight: 2, link, past };
  if (tokens.at(-1)?.kind === 'question') return undefined;

  const stance = strongest(findStances(tokens));
  if (stance) return { ...stance, link, past };
  const isNegated = kinds.has('not') || kinds.has('cannot') || kinds.has('will_not') || kinds.has('not_after_verb');
  return kinds.has('certainly') && !isNegated ? { polarity: 'yes', weight: 2, link, past } : undefined;
}

function startsAQuestion(tokens: readonly Token[]): boolean {
  const first = tokens.find(({ kind }) => kind !== 'filler');
  return first?.kind === 'question' || first?.kind === 'condition';
}

function endsWith(tokens: readonly Token[], kind: Token['kind']): boolean {
  const index = tokens.findIndex((token) => token.kind === kind);
  return index >= 0 && createExtent(tokens).onlyLightAfter(index);
}

/** The strongest stance; a tie between yes and no is doubt. */
function strongest(stances: readonly Stance[]): Stance | undefined {
  const weight = Math.max(...stances.map((stance) => stance.weight));
  const [first, ...others] = stances.filter((stance) => stance.weight === weight);
  return first && others.some(({ polarity }) => polarity !== first.polarity)
    ? { polarity: 'unsure', weight: 2 }
    : first;
}
