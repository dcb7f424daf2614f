import type { RunDetails } from '../temporal/runs/run.js';
import { facts } from '../process/output.js';

/** Formats the details of a run as text, with what to do when its reply is parked. */
export function runFacts(run: RunDetails): string {
  const { verdict, lastFailure, lastFailureAt, tries, retrying } = run;
  return facts([
    ['Run', run.workflowId],
    ['State', run.state],
    ['Label', verdict && `${verdict.label}, by ${verdict.by}`],
    ['Reply', replyOf(run)],
    [
      'Failure',
      lastFailure &&
        [
          lastFailure,
          lastFailureAt && `at ${lastFailureAt}`,
          tries && `after ${tries} ${tries === 1 ? 'try' : 'tries'}`,
        ]
          .filter(Boolean)
          .join(', '),
    ],
    [
      'Retrying',
      retrying &&
        [retrying.activity, `try ${retrying.attempt}`, retrying.nextAt && `at ${retrying.nextAt}`]
          .filter(Boolean)
          .join(', '),
    ],
    ['Started', run.startedAt],
    ['Closed', run.closedAt],
    ['Web UI', run.url],
    ['What to do', whatToDo(run)],
  ]);
}

/** The state of the reply. Undefined while it is still open. */
function replyOf({ state, outcome }: RunDetails): string | undefined {
  if (state === 'failed' || state === 'uncertain') return state;
  if (outcome === undefined) return undefined;
  if (outcome.reply === 'skipped') return `skipped, ${outcome.reason}`;
  return outcome.by === 'operator'
    ? 'sent, according to the operator'
    : ['sent', outcome.gatewayMessageId].filter(Boolean).join(', ');
}

function whatToDo({ state, workflowId }: RunDetails): string | undefined {
  if (state === 'failed') return `answerback retry ${workflowId}`;
  if (state === 'uncertain') return `check whether the gateway has sent it; if not: answerback retry ${workflowId}`;
  return undefined;
}
