import type { RunDetails } from '../temporal/runs.js';
import { facts } from './output.js';

/** A run for people: what is known of it, and what can be done. */
export function runFacts(run: RunDetails): string {
  const { verdict, lastFailure, lastFailureAt, tries, retrying } = run;
  return facts([
    ['Run', run.workflowId],
    ['State', run.state],
    ['Label', verdict && `${verdict.label}, by ${verdict.by}`],
    ['Reply', replyOf(run)],
    ['Failure', lastFailure && [lastFailure, lastFailureAt && `at ${lastFailureAt}`, tries && `after ${tries} ${tries === 1 ? 'try' : 'tries'}`].filter(Boolean).join(', ')],
    ['Retrying', retrying && [retrying.activity, `try ${retrying.attempt}`, retrying.nextAt && `at ${retrying.nextAt}`].filter(Boolean).join(', ')],
    ['Started', run.startedAt],
    ['Closed', run.closedAt],
    ['Web UI', run.url],
    ['What to do', whatToDo(run)],
  ]);
}

/** What became of the reply, or undefined while nobody knows. */
function replyOf({ state, outcome }: RunDetails): string | undefined {
  if (state === 'failed' || state === 'uncertain') return state;
  if (outcome === undefined) return undefined;
  if (outcome.reply === 'skipped') return `skipped, ${outcome.reason}`;
  return outcome.by === 'operator' ? 'sent, says the operator' : ['sent', outcome.gatewayMessageId].filter(Boolean).join(', ');
}

function whatToDo({ state, workflowId }: RunDetails): string | undefined {
  if (state === 'failed') return `answerback retry ${workflowId}`;
  if (state === 'uncertain') return `look whether the gateway has sent it; if not: answerback retry ${workflowId}`;
  return undefined;
}
