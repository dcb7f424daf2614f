import type { Extent } from './extent.js';
import type { Token } from './split-clauses.js';

/** Yes or no, as one word or phrase of a clause says it. */
export interface Stance {
  polarity: 'yes' | 'no' | 'unsure';
  /** 3 is outright, 2 a commitment, 1 an opinion. */
  weight: 1 | 2 | 3;
  /** Whether a negation turned a refusal into consent, as in "no problem". */
  turned?: boolean;
}

interface Negation {
  at: number;
  kind: Token['kind'];
  used?: 'on yes' | 'on no';
}

/** How many tokens later a negation still affects what follows. */
const reach = 6;

/** Collects what a clause says, from left to right. The negation that is in force turns it round. */
export class Stances {
  readonly found: Stance[] = [];
  #negation: Negation | undefined;

  /** The negation that is in force, if there is one. */
  get negation(): Readonly<Negation> | undefined {
    return this.#negation;
  }

  moveTo(index: number): void {
    if (this.#negation && index - this.#negation.at > reach) this.#negation = undefined;
  }

  add(stance: Stance): Stance {
    this.found.push(stance);
    return stance;
  }

  accept(weight: 1 | 2): void {
    const turned = this.#negation !== undefined && this.#negation.used !== 'on no';
    if (this.#negation && turned) this.#negation.used = 'on yes';
    this.add({ polarity: turned ? 'no' : 'yes', weight });
  }

  refuse(weight: 1 | 2): void {
    const turned = this.#negation !== undefined && this.#negation.used !== 'on yes';
    if (this.#negation && turned) this.#negation.used = 'on no';
    this.add({ polarity: turned ? 'yes' : 'no', weight, turned });
  }

  negate(kind: Token['kind'], at: number): void {
    this.#negation = { at, kind };
  }

  /** "Je peux pas": turns round what stands before it, or else what follows. */
  negateBack(kind: Token['kind'], at: number): void {
    const before = this.found.at(-1);
    if (before?.polarity === 'yes' && before.weight < 3)
      this.found.splice(-1, 1, { polarity: 'no', weight: before.weight });
    else this.negate(kind, at);
  }

  /** "I won't", "I can't today", "I don't want to …": a negation that has turned nothing round refuses by itself. */
  finish({ onlyLightAfter }: Extent, planAt: number | undefined): void {
    if (!this.#negation || this.#negation.used) return;
    const { kind, at } = this.#negation;
    if (kind === 'will_not' || onlyLightAfter(at) || (planAt !== undefined && planAt > at))
      this.add({ polarity: 'no', weight: 2 });
  }
}
