import { OperatorError } from '../process.js';
import type { Runs } from '../temporal/runs.js';
import { didYouMean } from './suggest.js';

/** How many of the newest runs are looked at for the one that was meant. */
const mostLookedAt = 500;

/** The error for a GUID that Temporal does not know, with the one that may have been meant. */
export async function noRun(guid: string, runs: Runs): Promise<OperatorError> {
  const known: string[] = [];
  for await (const { workflowId } of runs.list({ limit: mostLookedAt })) known.push(workflowId);
  return new OperatorError(`No run has the id ${guid}${didYouMean(guid, known) || ': "answerback runs" lists the newest'}`);
}
