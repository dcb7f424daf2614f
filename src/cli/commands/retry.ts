import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { loadConfig } from '../../config/config.js';
import { OperatorError, UsageError } from '../../process/errors.js';
import type { Runs } from '../../temporal/runs/runs.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { createProgress } from '../../process/progress.js';
import { paced } from '../paced.js';
import type { RetryOptions } from '../options.js';
import { noRun } from '../unknown-run.js';

/** The update itself ends after 55 s, but without a worker it never ends. */
const outcomeTimeoutMs = 70_000;

/** `answerback retry GUID`, or `--all`: sends parked replies again. */
export async function retry(guid: string | undefined, options: RetryOptions, context: Context): Promise<void> {
  const { all = false, state, yes = false, wait } = options;
  if (all === (guid !== undefined)) throw new UsageError('Give a GUID or --all');
  if (!all && state) throw new UsageError('--state needs --all');
  if (all && state === 'uncertain' && !yes) {
    throw new UsageError(
      'Uncertain replies may have arrived, and would then be sent twice: ' +
        'check them at the gateway, then add --yes to send all of them again',
    );
  }
  await withTemporal(loadConfig(context.env), ({ runs }) => {
    if (guid === undefined) return retryAll(state ?? 'failed', options.rate, runs, context);
    return explainRefusal(guid, runs, () => (wait ? retryAndWait(guid, runs, context) : signal(guid, runs, context)));
  });
}

async function signal(guid: string, runs: Runs, { output }: Context): Promise<void> {
  await runs.release(guid);
  output.print({ guid, released: true }, guid);
  output.say('Released. A reply that is not parked does not change.');
}

async function retryAndWait(guid: string, runs: Runs, { streams, output }: Context): Promise<void> {
  const progress = createProgress(streams.err, 'Sending');
  const reply = await Promise.race([
    runs.releaseAndWait(guid),
    sleep(outcomeTimeoutMs, undefined, { ref: false }),
  ]).finally(() => progress.end());
  if (reply === undefined)
    throw new OperatorError(
      `No worker has processed the retry: start a worker, then check with "answerback show ${guid}"`,
    );
  output.print({ guid, reply }, reply);
  if (reply === 'failed' || reply === 'uncertain')
    throw new OperatorError(`The reply is parked again as ${reply}: see the cause with "answerback show ${guid}"`);
  if (reply === 'still trying')
    throw new OperatorError(`The reply is still being sent: check it with "answerback show ${guid}"`);
}

/**
 * Releases all runs in a state, one by one and at a rate, so that a gateway that has just recovered is not
 * overloaded.
 */
async function retryAll(
  state: 'failed' | 'uncertain',
  rate: number,
  runs: Runs,
  { streams, output }: Context,
): Promise<void> {
  const guids: string[] = [];
  // Read the whole list first: released runs leave it.
  for await (const { workflowId } of runs.list({ state })) guids.push(workflowId);
  const progress = createProgress(streams.err, 'Releasing', guids.length);
  let released = 0;
  let changed = 0;
  try {
    await paced(guids, { perSecond: rate, maxAtOnce: 1 }, async (guid) => {
      try {
        // Someone else may have released it meanwhile, and it may be parked again as uncertain.
        if ((await runs.stateOf(guid)) === state) {
          await runs.release(guid);
          released++;
        } else changed++;
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw stoppedError(error, released);
        changed++;
      }
      progress.step();
    });
  } finally {
    progress.end();
  }
  output.print(
    { state, released, changed },
    `Released: ${released}${changed > 0 ? `, no longer ${state}: ${changed}` : ''}`,
  );
}

function stoppedError(error: unknown, released: number): OperatorError {
  return new OperatorError(
    `Temporal failed after ${released} runs were released (${(error as Error).message}): run this again for the rest`,
  );
}

/** Turns Temporal's refusals into errors for operators. */
async function explainRefusal(guid: string, runs: Runs, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError)
      throw new OperatorError(`The run ${guid} has nothing to retry: check it with "answerback show ${guid}"`);
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const run = await runs.show(guid);
    throw run
      ? new OperatorError(`The run ${guid} is ${run.state}: there is nothing to retry`)
      : await noRun(guid, runs);
  }
}
