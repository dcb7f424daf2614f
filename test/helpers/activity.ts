import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

const usualRun = 'test-001';
export const runId = '01980000-0000-7000-8000-000000000001';

/** Where an activity runs: its first attempt, on the usual queue, of the run above, unless a test says otherwise. */
export function anActivity({
  attempt = 1,
  firstFailedMsAgo,
  wasMaybeSent = false,
  scheduledMsAgo = 0,
  taskQueue = 'usual',
  workflowId = usualRun,
}: {
  attempt?: number;
  firstFailedMsAgo?: number;
  /** Whether an earlier attempt may have sent something. */
  wasMaybeSent?: boolean;
  scheduledMsAgo?: number;
  taskQueue?: string;
  workflowId?: string;
} = {}): MockActivityEnvironment {
  return new MockActivityEnvironment(
    {
      attempt,
      taskQueue,
      scheduledTimestampMs: Date.now() - scheduledMsAgo,
      ...(firstFailedMsAgo === undefined
        ? {}
        : {
            heartbeatDetails: {
              firstFailedAtMs: Date.now() - firstFailedMsAgo,
              ...(wasMaybeSent && { wasMaybeSent }),
            },
          }),
      workflowExecution: { workflowId, runId },
    },
    { logger: new DefaultLogger('ERROR') },
  );
}

/** What a promise is rejected with; fails where it is not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('not rejected');
  const outcome = await promise.then(
    (result) => ({ result, error: nothing }),
    (error: unknown) => ({ result: undefined, error }),
  );
  if (outcome.error === nothing) throw new Error(`not rejected, but resolved with ${JSON.stringify(outcome.result)}`);
  return outcome.error;
}
