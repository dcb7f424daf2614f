import type { Client } from '@temporalio/client';
import type { answerMessage } from '../../workflows/answer-message.js';
import { replyState, signals, updates } from '../../domain/names.js';
import { ignoringNoRun } from '../ignoring-no-run.js';
import { messageRuns } from '../message-runs.js';
import { workflowIdFor } from '../workflow-id.js';
import { type Run, type RunDetails, type RunState, summarize } from './run.js';
import { summaryClient } from '../summary-client.js';
import { createReadRecord } from './record.js';
import { detailsOf, type MessageHandle } from './run-details.js';

const visibilityQueries: Record<RunState, string> = {
  running: `ExecutionStatus = "Running" AND ${replyState.name} IS NULL`,
  failed: `ExecutionStatus = "Running" AND ${replyState.name} = "failed"`,
  uncertain: `ExecutionStatus = "Running" AND ${replyState.name} = "uncertain"`,
  done: 'ExecutionStatus = "Completed"',
  ended: 'ExecutionStatus IN ("Failed", "Terminated", "TimedOut", "Canceled")',
};

interface ListOptions {
  state?: RunState | undefined;
  since?: Date | undefined;
  limit?: number;
}

/** Creates the functions that list, show, count and release the runs of messages. `runUrlOf` creates `runUrl`. */
export function createRuns(client: Client, runUrl: (workflowId: string, runId: string) => string) {
  const handleOf = (guid: string): MessageHandle =>
    client.workflow.getHandle<typeof answerMessage>(workflowIdFor(guid));
  const describe = (guid: string) =>
    summaryClient(client).workflow.getHandle<typeof answerMessage>(workflowIdFor(guid)).describe();

  return {
    /**
     * Lists runs from visibility: first the open ones, the newest first, then the closed ones, the last closed first.
     * Visibility lags a moment behind. Pages are read while the list is read.
     *
     * @param since lists only runs that started then or later, by the server's clock
     */
    async *list({ state, since, limit = Infinity }: ListOptions = {}): AsyncGenerator<Run> {
      const newer = since ? [`StartTime >= "${since.toISOString()}"`] : [];
      const query = [messageRuns, ...(state ? [visibilityQueries[state]] : []), ...newer].join(' AND ');
      let remaining = limit;
      if (remaining <= 0) return;
      for await (const info of summaryClient(client).workflow.list({ query, pageSize: Math.min(limit, 500) })) {
        yield summarize(info, runUrl);
        if (--remaining <= 0) return;
      }
    },

    /** Counts the runs in this state; with `startedBefore` only those that began earlier, by the server's clock. */
    async count(state: RunState, { startedBefore }: { startedBefore?: Date } = {}): Promise<number> {
      const older = startedBefore ? [`StartTime < "${startedBefore.toISOString()}"`] : [];
      return (await client.workflow.count([messageRuns, visibilityQueries[state], ...older].join(' AND '))).count;
    },

    /**
     * Shows the details of one run.
     *
     * @param guid of the message, or the id of its workflow
     * @returns undefined when Temporal has no such run
     */
    show: (guid: string): Promise<RunDetails | undefined> =>
      ignoringNoRun(async () => {
        const description = await describe(guid);
        const run = summarize(description, runUrl);
        return { ...run, ...(await detailsOf(run, handleOf(guid), description, client)) };
      }),

    /** Returns what the history of a listed run tells, in one call; undefined when Temporal no longer has it. */
    read: createReadRecord(client),

    /** Returns the current state of a message, in one call; undefined when Temporal has no such run. */
    stateOf: (guid: string): Promise<RunState | undefined> =>
      ignoringNoRun(async () => summarize(await describe(guid), runUrl).state),

    /** Sends a parked reply again, by the signal `retryReply`. Does nothing when the reply is not parked. */
    release: (guid: string): Promise<void> => handleOf(guid).signal(signals.retryReply),

    /**
     * Sends a parked reply again, by the update `retryReplyNow`. The worker waits up to 55 s for the outcome. Without a
     * worker the update waits for ever, so callers need a time limit of their own.
     *
     * @throws {WorkflowUpdateFailedError} when there is nothing to retry
     */
    releaseAndWait: async (guid: string): Promise<string> =>
      (await handleOf(guid).executeUpdate<{ reply: string }, []>(updates.retryReplyNow)).reply,
  };
}

export type Runs = ReturnType<typeof createRuns>;
