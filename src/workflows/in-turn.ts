import type { InTurn } from '../activities/in-turn.js';

/**
 * Asks an activity on the first queue and, where that answers that a limit applies, on the one it names. Limits are settings,
 * which a workflow may know only from recorded results; so a run that is parked meets those of the day it is released.
 *
 * @param ask asks on this task queue; default: the workflow's own
 * @param first default: the workflow's own
 */
export async function inTurn<Result extends object>(ask: (taskQueue?: string) => Promise<Result | InTurn>, first?: string): Promise<Result> {
  let answer = await ask(first);
  while ('askOn' in answer) answer = await ask(answer.askOn);
  return answer;
}
