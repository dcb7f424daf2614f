import { setTimeout as sleep } from 'node:timers/promises';
import { visibilityLooks } from '../domain/waiting.js';
import type { OperatorError } from '../process/errors.js';

/**
 * Looks until two looks in a row find nothing: visibility shows a run a moment after its start.
 *
 * @param look returns how much it found, and has dealt with
 * @param keepsComing thrown when `maxLooks` were not enough
 */
export async function untilNothingIsFound(
  look: () => Promise<number>,
  keepsComing: OperatorError,
  { nextLookMs, maxLooks }: { nextLookMs: number; maxLooks: number } = visibilityLooks,
): Promise<void> {
  for (let looks = 1, empty = 0; empty < 2; looks++) {
    if (looks > maxLooks) throw keepsComing;
    if (looks > 1) await sleep(nextLookMs);
    empty = (await look()) === 0 ? empty + 1 : 0;
  }
}
