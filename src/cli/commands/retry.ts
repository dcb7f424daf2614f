import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { loadConfig } from '../../config.js';
import { OperatorError, UsageError } from '../../process.js';
import type { Runs } from '../../temporal/runs.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { createProgress } from '../progress.js';
import type { RetryOptions } from '../options.js';
import { noRun } from '../unknown-run.js';

/** An update waits 55 s for its outcome; without a worker it would wait for ever. */
const outcomeWithinMs = 70_000;

/** `answerback retry GUID`, or `--all`. */
export async function retry(guid: string | undefined, options: RetryOptions, context: Context): Promise<void> {
  const { all = false, state, yes = false, wait } = options;
  if (all === (guid !== undefined)) throw new UsageError('Name one GUID, or say --all');
  if (!all && state) throw new UsageError('--state goes with --all');
  if (all && state === 'uncertain' && !yes) {
    throw new UsageError('An uncertain reply may have arrived, and would then go out twice: look at the gateway, and say --yes to send all of them again');
  }
  await withTemporal(loadConfig(context.env), ({ runs }) => {
    if (guid === undefined) return retryAll(state ?? 'failed', options.rate, runs, context);
    return explained(guid, runs, () => (wait ? retryAndWait(guid, runs, context) : signal(guid, runs, context)));
  });
}

async function signal(guid: string, runs: Runs, { output }: Context): Promise<void> {
  await runs.release(guid);
  output.print({ guid, released: true }, guid);
  output.say('Released; a reply that is not parked stays as it is.');
}

async function retryAndWait(guid: string, runs: Runs, { streams, output }: Context): Promise<void> {
  const progress = createProgress(streams.err, 'Sending');
  const reply = await Promise.race([runs.releaseAndWait(guid), sleep(outcomeWithinMs, undefined, { ref: false })]).finally(() => progress.end());
  if (reply === undefined) throw new OperatorError(`No worker has taken it up: start one, and look with "answerback show ${guid}"`);
  output.print({ guid, reply }, reply);
  if (reply === 'failed' || reply === 'uncertain') throw new OperatorError(`The reply is parked again, as ${reply}: "answerback show ${guid}" says why`);
  if (reply === 'still trying') throw new OperatorError(`It goes on: "answerback show ${guid}" says where it stands`);
}

/** Only one by one, at a rate, so that a gateway that is just back is not overrun. */
async function retryAll(state: 'failed' | 'uncertain', rate: number, runs: Runs, { streams, output }: Context): Promise<void> {
  const guids: string[] = [];
  // All of them first: what is released leaves the list.
  for await (const { workflowId } of runs.list({ state })) guids.push(workflowId);
  const progress = createProgress(streams.err, 'Releasing', guids.length);
  let released = 0;
  let changed = 0;
  try {
    const from = performance.now();
    for (const [index, guid] of guids.entries()) {
      await sleep(Math.max(0, from + (index * 1_000) / rate - performance.now()));
      try {
        // It may have been released meanwhile, and be parked again as uncertain.
        if ((await runs.stateOf(guid)) === state) {
          await runs.release(guid);
          released++;
        } else changed++;
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw stopped(error, released);
        changed++;
      }
      progress.step();
    }
  } finally {
    progress.end();
  }
  output.print({ state, released, changed }, `Released: ${released}${changed > 0 ? `, not ${state} any more: ${changed}` : ''}`);
}

function stopped(error: unknown, released: number): OperatorError {
  return new OperatorError(`${released} were released, then Temporal did not answer (${(error as Error).message}): run this again for the rest`);
}

/** Says what Temporal means by its refusals. */
async function explained(guid: string, runs: Runs, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw new OperatorError(`There is nothing to retry: "answerback show ${guid}" says where it stands`);
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const run = await runs.show(guid);
    throw run ? new OperatorError(`The run ${guid} is ${run.state}: there is nothing to retry`) : await noRun(guid, runs);
  }
}
