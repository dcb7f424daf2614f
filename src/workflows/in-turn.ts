import type { InTurn } from '../activities/in-turn.js';

/**
 * Asks an activity on the usual queue and, where that answers that a limit applies, on the queue it names. Limits are settings,
 * which a workflow may know only from recorded results; so a run that is parked meets those of the day it is released.
 *
 * @param ask asks on this task queue; default: the workflow's own
 */
export async function inTurn<Result extends object>(ask: (taskQueue?: string) => Promise<Result | InTurn>): Promise<Result> {
  let answer = await ask();
  while ('askOn' in answer) answer = await ask(answer.askOn);
  return answer;
}
