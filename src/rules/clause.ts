import type { Kind } from './kind.js';
import type { Clause, Item, Link } from './scan.js';
import { findVerdicts, onlyLightAfter, type Verdict } from './verdicts.js';

/** What one clause says, and how it follows on the one before it. */
export interface Reading {
  says: Verdict['says'] | 'optOut';
  weight: Verdict['weight'];
  turned?: boolean;
  link: Link;
  /** Whether it tells what somebody meant once. */
  past?: boolean;
}

const mayStandWithStop = new Set<Item['kind']>(['stop', 'filler', 'yes', 'bareNo', 'agree', 'indeed', 'thumbDown']);
const negations: Kind[] = ['not', 'cant', 'wont', 'pas'];

/** Reads a clause by itself. Undefined when it says nothing, as most clauses do. */
export function readClause({ items, link, asked }: Clause): Reading | undefined {
  const has = (kind: Kind): boolean => items.some((item) => item.kind === kind);
  if (has('optOut')) return { says: 'optOut', weight: 3, link };
  if (endsWith(items, 'whyNot')) return { says: 'yes', weight: 2, link };
  if (has('asIf')) return { says: 'no', weight: 2, link };
  if (asked || startsAQuestion(items)) return undefined;
  if (has('stop') && items.every((item) => mayStandWithStop.has(item.kind))) return { says: 'optOut', weight: 3, link };
  const past = has('past');
  if (has('unsure')) return { says: 'unsure', weight: 2, link, past };
  if (items.at(-1)?.kind === 'ask') return undefined;
  const verdict = settle(findVerdicts(items));
  if (verdict) return { ...verdict, link, past };
  return has('indeed') && !negations.some(has) ? { says: 'yes', weight: 2, link, past } : undefined;
}

function startsAQuestion(items: Item[]): boolean {
  const first = items.find((item) => item.kind !== 'filler');
  return first?.kind === 'ask' || first?.kind === 'whatIf';
}

function endsWith(items: Item[], kind: Kind): boolean {
  const index = items.findIndex((item) => item.kind === kind);
  return index >= 0 && onlyLightAfter(items, index);
}

/** The strongest verdict; a tie between yes and no is doubt. */
function settle(verdicts: Verdict[]): Verdict | undefined {
  const weight = Math.max(...verdicts.map((verdict) => verdict.weight));
  const [first, ...others] = verdicts.filter((verdict) => verdict.weight === weight);
  return first && others.some(({ says }) => says !== first.says) ? { says: 'unsure', weight: 2 } : first;
}
