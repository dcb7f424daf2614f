import { OperatorError } from '../process/errors.js';
import type { Runs } from '../temporal/runs/runs.js';
import { didYouMean } from './suggest.js';

/** How many of the newest runs are compared for a suggestion. */
const maxCompared = 500;

/** The error for a GUID without a run. Suggests a similar GUID when there is one. */
export async function noRun(guid: string, runs: Runs): Promise<OperatorError> {
  const known: string[] = [];
  for await (const { workflowId } of runs.list({ limit: maxCompared })) known.push(workflowId);
  return new OperatorError(
    `No run has the id ${guid}${didYouMean(guid, known) || ': list the newest runs with "answerback runs"'}`,
  );
}
