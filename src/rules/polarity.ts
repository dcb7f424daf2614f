import { createExtent, type Extent } from './extent.js';
import { lexicon } from './lexicon.js';
import type { Token } from './split-clauses.js';
import { type Stance, Stances } from './stances.js';

/** How many tokens later a "no" and an "I will" still affect what follows. */
const reach = { no: 4, plan: 4 };

/** Finds what the words and phrases of a clause say. */
export function findStances(tokens: readonly Token[]): readonly Stance[] {
  const stances = new Stances();
  const extent = createExtent(tokens);
  let no: { at: number; stance?: Stance } | undefined;
  let plan: { at: number; weight: 1 | 2 } | undefined;

  const announce = ({ kind }: Token, index: number): void => {
    plan = { at: index, weight: kind === 'wish' ? 1 : 2 };
    if (!stances.negation && (extent.onlyLightAfter(index) || (kind === 'glad' && extent.bare)))
      stances.accept(plan.weight);
  };
  const negate = ({ kind }: Token, index: number): void => stances.negate(kind, index);

  const readers: Partial<Record<Token['kind'], (token: Token, index: number) => unknown>> = {
    yes: (_, index) =>
      stances.negation?.at === index - 1 ? stances.accept(2) : stances.add({ polarity: 'yes', weight: 3 }),
    no: () => stances.add({ polarity: 'no', weight: 3 }),
    no_or_none: (_, index) => {
      no = { at: index };
      if (!belongsToNoun(tokens, extent, index)) no.stance = stances.add({ polarity: 'no', weight: 3 });
    },
    trouble: (_, index) => {
      if (no && index - no.at <= reach.no) {
        // "No problem": its "no" is no refusal.
        if (no.stance) stances.found.splice(stances.found.indexOf(no.stance), 1);
        stances.add({ polarity: 'yes', weight: 2, turned: true });
        no = undefined;
      } else if (stances.negation) stances.refuse(2);
    },
    agree: (_, index) => !isOfOthers(tokens, index) && stances.accept(2),
    refuse: (_, index) => !isOfOthers(tokens, index) && stances.refuse(2),
    agree_at_end: (token, index) => standsAtEnd(token, extent, index) && stances.accept(2),
    refuse_at_end: (token, index) => standsAtEnd(token, extent, index) && stances.refuse(2),
    like: (_, index) => tokens[index - 1]?.kind !== 'other' && !isOtherPerson(tokens[index - 1]) && stances.accept(1),
    dislike: () => stances.refuse(1),
    good: () => (extent.bare || stances.negation) && stances.accept(1),
    bad: () => (extent.bare || stances.negation) && stances.refuse(1),
    act: (_, index) => {
      if (stances.negation) {
        // "The bill has not come" is of something else.
        if (stances.negation.kind !== 'not' || !extent.unknownBefore(stances.negation.at)) stances.accept(2);
      } else if (plan && index - plan.at <= reach.plan) stances.accept(plan.weight);
    },
    will: announce,
    wish: announce,
    glad: announce,
    not: negate,
    cannot: negate,
    will_not: negate,
    not_after_verb: ({ kind }, index) => stances.negateBack(kind, index),
  };

  for (const [index, token] of tokens.entries()) {
    stances.moveTo(index);
    readers[token.kind]?.(token, index);
  }
  stances.finish(extent, plan?.at);
  return stances.found;
}

/** "I have no car" is no refusal. */
function belongsToNoun(tokens: readonly Token[], { onlyLightAfter }: Extent, index: number): boolean {
  return !onlyLightAfter(index) && lexicon().words.before_none.has(tokens[index - 1]?.text ?? '');
}

/** "You agree" says what another person thinks. */
function isOfOthers(tokens: readonly Token[], index: number): boolean {
  return tokens[index]?.text.includes(' ') === false && isOtherPerson(tokens[index - 1]);
}

function isOtherPerson(token: Token | undefined): boolean {
  return token !== undefined && lexicon().words.other_people.has(token.text);
}

/** "I'm in" may follow anything, a lone "in" only filler. */
function standsAtEnd({ text }: Token, { onlyLightAfter, unknownBefore, actBefore }: Extent, index: number): boolean {
  return (text.includes(' ') || (!unknownBefore(index) && !actBefore(index))) && onlyLightAfter(index);
}
