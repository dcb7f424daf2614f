import type { RoundSize } from '../e2e/measured.js';
import { inRounds } from '../e2e/rounds.js';
import type { Scope } from '../scope.js';
import { measureWhilePausesEnd, type PausesRound } from './pauses.js';
import { startEverythingOff, startEverythingOn } from './products.js';
import { type CostRound, measureCost } from './round.js';

/** The rounds of each side. */
export interface Cost {
  on: CostRound[];
  off: CostRound[];
  /** Everything on, while pauses end. */
  pauses: PausesRound[];
}

/** Compares the product with everything on, and with everything off, on one Temporal server. */
export async function compareCost(scope: Scope, size: RoundSize & { rounds: number }): Promise<Cost> {
  const on = await startEverythingOn(scope, 'on');
  const off = await startEverythingOff(scope, on);
  for (const side of [on, off]) await side.throughput(50);
  const { pauses, ...others } = await inRounds(
    {
      on: () => measureCost(on, size),
      off: () => measureCost(off, size),
      pauses: () => measureWhilePausesEnd(on, size),
    },
    { rounds: size.rounds, title: 'On and off' },
    (measure: () => Promise<CostRound | PausesRound>) => measure(),
  );
  return { ...others, pauses: pauses as PausesRound[] };
}
