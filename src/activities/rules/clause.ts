import type { Clause, Item, Link } from './scan.js';

/** What one clause says. Weight 3 is an outright yes or no, 2 a commitment, 1 an opinion. */
export interface Reading {
  says: 'Agree' | 'Disagree' | 'unsure' | 'optOut';
  weight: 1 | 2 | 3;
  link: Link;
  /** Whether a negation turned a refusal into consent, as in "no problem". */
  turned?: boolean;
  /** Whether it tells what somebody meant once. */
  past?: boolean;
}

type Verdict = Pick<Reading, 'says' | 'weight' | 'turned'>;

const others = new Set(['you', 'u', 'they', 'he', 'she', 'people', 'everyone', 'everybody', 'them']);
const ownNegation = 6;

/** Reads a clause by itself. Undefined when it says nothing, as most clauses do. */
export function readClause({ items, link, asked }: Clause): Reading | undefined {
  const kinds = new Set(items.map((item) => item.kind));
  if (kinds.has('optOut')) return { says: 'optOut', weight: 3, link };
  if (kinds.has('whyNot') && isLast(items, 'whyNot')) return { says: 'Agree', weight: 2, link };
  if (kinds.has('asIf')) return { says: 'Disagree', weight: 2, link };
  if (asked || startsAQuestion(items)) return undefined;
  if (kinds.has('stop') && items.every((item) => ['stop', 'filler', 'yes', 'bareNo', 'agree', 'indeed', 'thumbDown'].includes(item.kind))) {
    return { says: 'optOut', weight: 3, link };
  }
  const past = kinds.has('past');
  if (kinds.has('unsure')) return { says: 'unsure', weight: 2, link, past };
  const verdict = settle(findVerdicts(items));
  if (verdict) return { ...verdict, link, past };
  if (kinds.has('indeed') && !hasNegation(kinds)) return { says: 'Agree', weight: 2, link, past };
  return undefined;
}

function hasNegation(kinds: Set<Item['kind']>): boolean {
  return kinds.has('not') || kinds.has('cant') || kinds.has('wont') || kinds.has('pas');
}

function startsAQuestion(items: Item[]): boolean {
  const first = items.find((item) => item.kind !== 'filler');
  return first?.kind === 'ask' || first?.kind === 'whatIf';
}

function isLast(items: Item[], kind: Item['kind']): boolean {
  return onlyFillerAfter(items, items.findIndex((item) => item.kind === kind));
}

const light = new Set<Item['kind']>(['filler', 'indeed', 'aside', 'thumbUp', 'thumbDown', 'cheer', 'shrug']);

function onlyFillerAfter(items: Item[], index: number): boolean {
  return items.slice(index + 1).every((item) => light.has(item.kind));
}

/** The strongest verdict; a tie between yes and no is doubt. */
function settle(verdicts: Verdict[]): Verdict | undefined {
  const weight = Math.max(...verdicts.map((verdict) => verdict.weight));
  const strongest = verdicts.filter((verdict) => verdict.weight === weight);
  const [first] = strongest;
  if (!first) return undefined;
  return strongest.every((verdict) => verdict.says === first.says) ? first : { says: 'unsure', weight: 2 };
}

/** Walks a clause from left to right with the negation that is in force. */
function findVerdicts(items: Item[]): Verdict[] {
  const found: Verdict[] = [];
  const bare = items.every((item) => item.kind !== 'other' && item.kind !== 'aside');
  let negation: { at: number; kind: Item['kind']; used?: 'onYes' | 'onNo' } | undefined;
  let no: { at: number; verdict: Verdict } | undefined;
  let announced: { at: number; weight: 1 | 2 } | undefined;

  const accept = (weight: 1 | 2): void => {
    if (negation && negation.used !== 'onNo') {
      negation.used = 'onYes';
      found.push({ says: 'Disagree', weight });
    } else found.push({ says: 'Agree', weight });
  };
  const refuse = (weight: 1 | 2): void => {
    if (negation && negation.used !== 'onYes') {
      negation.used = 'onNo';
      found.push({ says: 'Agree', weight, turned: true });
    } else found.push({ says: 'Disagree', weight });
  };

  items.forEach((item, index) => {
    if (negation && index - negation.at > ownNegation) negation = undefined;
    const ofOthers = others.has(items[index - 1]?.text ?? '');
    switch (item.kind) {
      case 'yes':
        if (negation?.at === index - 1) found.push({ says: 'Disagree', weight: 2 }), (negation.used = 'onYes');
        else found.push({ says: 'Agree', weight: 3 });
        break;
      case 'no':
        found.push({ says: 'Disagree', weight: 3 });
        break;
      case 'bareNo': {
        if (!standsAlone(items, index)) {
          no = { at: index, verdict: { says: 'Disagree', weight: 1 } };
          break;
        }
        no = { at: index, verdict: { says: 'Disagree', weight: 3 } };
        found.push(no.verdict);
        break;
      }
      case 'trouble':
        if (no && index - no.at <= 4) {
          const { verdict } = no;
          if (found.includes(verdict)) found.splice(found.indexOf(verdict), 1);
          found.push({ says: 'Agree', weight: 2, turned: true });
        } else if (negation) refuse(2);
        break;
      case 'agree':
        if (!ofOthers) accept(2);
        break;
      case 'agreeAtEnd':
        if (onlyFillerAfter(items, index)) accept(2);
        break;
      case 'refuse':
        if (!ofOthers) refuse(2);
        break;
      case 'refuseAtEnd':
        if (onlyFillerAfter(items, index)) refuse(2);
        break;
      case 'like':
        if (!ofOthers) accept(1);
        break;
      case 'dislike':
        refuse(1);
        break;
      case 'good':
        if (bare || negation) accept(1);
        break;
      case 'bad':
        if (bare || negation) refuse(1);
        break;
      case 'will':
      case 'glad':
      case 'wish':
        announced = { at: index, weight: item.kind === 'wish' ? 1 : 2 };
        if (negation && item.kind !== 'will') break;
        if (negation) break;
        if (onlyFillerAfter(items, index)) accept(announced.weight);
        else if (item.kind === 'glad' && bare) accept(2);
        break;
      case 'act':
        if (negation) accept(2);
        else if (announced && index - announced.at <= 4) accept(announced.weight);
        break;
      case 'pas': {
        const before = found.at(-1);
        if (before?.says === 'Agree' && before.weight < 3) found.splice(-1, 1, { says: 'Disagree', weight: before.weight });
        else negation = { at: index, kind: item.kind };
        break;
      }
      case 'not':
      case 'cant':
      case 'wont':
        negation = { at: index, kind: item.kind };
        break;
      default:
    }
  });
  if (negation && !negation.used && refusesByItself(items, negation, announced?.at)) found.push({ says: 'Disagree', weight: 2 });
  return found;
}

/** "I won't", "I can't today", "I don't want to …": a negation that had nothing to turn round. */
function refusesByItself(items: Item[], negation: { at: number; kind: Item['kind'] }, announcedAt: number | undefined): boolean {
  if (negation.kind === 'wont' || onlyFillerAfter(items, negation.at)) return true;
  return announcedAt !== undefined && announcedAt > negation.at;
}

const owning = new Set(['have', 'has', 'had', 'there', 'theres', 'is', 'are', 'got', 'with', 'see', 'of', 'ive', 'make', 'makes', 'are', 'in', 'at', 'on']);

/** Whether "no" is an answer, not part of "there is no bus". */
function standsAlone(items: Item[], index: number): boolean {
  return onlyFillerAfter(items, index) || !owning.has(items[index - 1]?.text ?? '');
}
