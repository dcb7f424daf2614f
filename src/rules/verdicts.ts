import type { Kind } from './kind.js';
import type { Item } from './scan.js';

/** Yes or no, as one word or phrase of a clause says it. Weight 3 is outright, 2 a commitment, 1 an opinion. */
export interface Verdict {
  says: 'yes' | 'no' | 'unsure';
  weight: 1 | 2 | 3;
  /** Whether a negation turned a refusal into consent, as in "no problem". */
  turned?: boolean;
}

interface Negation {
  at: number;
  kind: Item['kind'];
  used?: 'onYes' | 'onNo';
}

/** How many items later a negation, a "no" and an "I will" still bear on what follows. */
const reach = { negation: 6, no: 4, plan: 4 };

const otherPeople = new Set(['you', 'u', 'they', 'he', 'she', 'people', 'everyone', 'everybody', 'them', 'kids', 'wife', 'husband', 'family']);
const owners = new Set(['have', 'has', 'had', 'there', 'theres', 'is', 'are', 'got', 'with', 'see', 'of', 'ive', 'make', 'makes', 'in', 'at', 'on']);
const light = new Set<Item['kind']>(['filler', 'indeed', 'aside', 'thumbUp', 'thumbDown', 'cheer', 'shrug']);

/** Walks a clause from left to right with the negation that is in force. */
export function findVerdicts(items: Item[]): Verdict[] {
  const found: Verdict[] = [];
  const bare = items.every((item) => item.kind !== 'other' && item.kind !== 'aside');
  let negation: Negation | undefined;
  let no: { at: number; verdict?: Verdict } | undefined;
  let plan: { at: number; weight: 1 | 2 } | undefined;

  const accept = (weight: 1 | 2): void => {
    const turned = negation !== undefined && negation.used !== 'onNo';
    if (negation && turned) negation.used = 'onYes';
    found.push({ says: turned ? 'no' : 'yes', weight });
  };
  const refuse = (weight: 1 | 2): void => {
    const turned = negation !== undefined && negation.used !== 'onYes';
    if (negation && turned) negation.used = 'onNo';
    found.push({ says: turned ? 'yes' : 'no', weight, turned });
  };

  const readers: Partial<Record<Item['kind'], (item: Item, index: number) => void>> = {
    yes: (_, index) => {
      if (negation?.at === index - 1) accept(2);
      else found.push({ says: 'yes', weight: 3 });
    },
    no: () => found.push({ says: 'no', weight: 3 }),
    bareNo: (_, index) => {
      no = { at: index };
      if (!onlyLightAfter(items, index) && owners.has(items[index - 1]?.text ?? '')) return;
      no.verdict = { says: 'no', weight: 3 };
      found.push(no.verdict);
    },
    trouble: (_, index) => {
      if (no && index - no.at <= reach.no) {
        if (no.verdict) found.splice(found.indexOf(no.verdict), 1);
        found.push({ says: 'yes', weight: 2, turned: true });
        no = undefined;
      } else if (negation) refuse(2);
    },
    agree: (item, index) => !isOfOthers(items, index, item) && accept(2),
    refuse: (item, index) => !isOfOthers(items, index, item) && refuse(2),
    agreeAtEnd: (_, index) => standsAtEnd(items, index) && accept(2),
    refuseAtEnd: (_, index) => standsAtEnd(items, index) && refuse(2),
    like: (_, index) => items[index - 1]?.kind !== 'other' && !otherPeople.has(items[index - 1]?.text ?? '') && accept(1),
    dislike: () => refuse(1),
    good: () => (bare || negation) && accept(1),
    bad: () => (bare || negation) && refuse(1),
    act: (_, index) => {
      if (negation) {
        if (negation.kind !== 'not' || !isOfSomethingElse(items, negation.at)) accept(2);
      } else if (plan && index - plan.at <= reach.plan) accept(plan.weight);
    },
    pas: (item, index) => {
      const before = found.at(-1);
      if (before?.says === 'yes' && before.weight < 3) found.splice(-1, 1, { says: 'no', weight: before.weight });
      else negation = { at: index, kind: item.kind };
    },
  };
  const announce = (item: Item, index: number): void => {
    plan = { at: index, weight: item.kind === 'wish' ? 1 : 2 };
    if (!negation && (onlyLightAfter(items, index) || (item.kind === 'glad' && bare))) accept(plan.weight);
  };
  const negate = (item: Item, index: number): void => {
    negation = { at: index, kind: item.kind };
  };
  Object.assign(readers, { will: announce, wish: announce, glad: announce, not: negate, cant: negate, wont: negate });

  for (const [index, item] of items.entries()) {
    if (negation && index - negation.at > reach.negation) negation = undefined;
    readers[item.kind]?.(item, index);
  }
  if (negation && !negation.used && refusesByItself(items, negation, plan?.at)) found.push({ says: 'no', weight: 2 });
  return found;
}

/** Whether nothing that matters follows. */
export function onlyLightAfter(items: Item[], index: number): boolean {
  return items.slice(index + 1).every((item) => light.has(item.kind));
}

/** "I won't", "I can't today", "I don't want to …": a negation that had nothing to turn round. */
function refusesByItself(items: Item[], negation: Negation, planAt: number | undefined): boolean {
  return negation.kind === 'wont' || onlyLightAfter(items, negation.at) || (planAt !== undefined && planAt > negation.at);
}

/** "You agree" says what somebody else thinks. */
function isOfOthers(items: Item[], index: number, item: Item): boolean {
  return !item.text.includes(' ') && otherPeople.has(items[index - 1]?.text ?? '');
}

/** "The bill has not come". */
function isOfSomethingElse(items: Item[], index: number): boolean {
  return items.slice(0, index).some((item) => item.kind === 'other');
}

/** "I'm in" may follow anything, a lone "in" only filler. */
function standsAtEnd(items: Item[], index: number): boolean {
  const content: (Kind | 'other')[] = ['other', 'act'];
  const mayFollow = items[index]?.text.includes(' ') === true || items.slice(0, index).every(({ kind }) => !content.includes(kind));
  return mayFollow && onlyLightAfter(items, index);
}
