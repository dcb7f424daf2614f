import { type Client, type WorkflowExecutionInfo, WorkflowFailedError, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import type { SilenceReason, Verdict } from '../message.js';
import type { answerMessage, Outcome } from '../workflows/answer-message.js';
import type { Status } from '../workflows/operators.js';
import { replyState, workflowType } from './contract.js';
import { workflowIdFor } from './workflow-id.js';

/**
 * Where a message stands. `running`: it is being worked on. `failed` and `uncertain`: its reply is parked and waits for an
 * operator. `done`: answered, or silent for a reason. `ended`: closed without an outcome, by an operator or for want of one.
 */
export const runStates = ['running', 'failed', 'uncertain', 'done', 'ended'] as const;
export type RunState = (typeof runStates)[number];

/** One message, as its run in Temporal shows it. No text and no number. */
export interface Run {
  workflowId: string;
  runId: string;
  state: RunState;
  /** ISO 8601. */
  startedAt: string;
  /** ISO 8601; absent while it is open. */
  closedAt?: string;
  /** Where Temporal Web UI shows it; only a path where nobody said where that is. */
  url: string;
}

export interface RunDetails extends Run {
  /** Absent while the text is classified, and where no worker answers. */
  verdict?: Pick<Verdict, 'label' | 'by'>;
  /** What became of the reply, once the run is done. */
  outcome?: { reply: 'sent'; gatewayMessageId?: string; by?: 'operator' } | { reply: 'skipped'; reason: SilenceReason };
  /** What the last failed send said, or why the run ended. */
  lastFailure?: string;
  /** ISO 8601. */
  lastFailureAt?: string;
  /** How often the gateway was tried up to the last failure. */
  tries?: number;
  /** The step that Temporal tries again, and when. */
  retrying?: { activity: string; attempt: number; nextAt?: string };
}

const queries: Record<RunState, string> = {
  running: 'ExecutionStatus = "Running" AND ReplyState IS NULL',
  failed: 'ExecutionStatus = "Running" AND ReplyState = "failed"',
  uncertain: 'ExecutionStatus = "Running" AND ReplyState = "uncertain"',
  done: 'ExecutionStatus = "Completed"',
  ended: 'ExecutionStatus IN ("Failed", "Terminated", "TimedOut", "Canceled")',
};

/** How long a worker may take to say where a run stands; without a worker nobody says it. */
const statusWithinMs = 3_000;

type MessageHandle = WorkflowHandle<typeof answerMessage>;

/** The runs of messages, for those who watch and release them. `runUrl` as of `runUrlOf`. */
export function createRuns(client: Client, runUrl: (workflowId: string, runId: string) => string) {
  const handleOf = (guid: string): MessageHandle => client.workflow.getHandle<typeof answerMessage>(workflowIdFor(guid));

  function summarize({ workflowId, runId, status, startTime, closeTime, typedSearchAttributes }: Omit<WorkflowExecutionInfo, 'raw'>): Run {
    const parked = typedSearchAttributes.get(replyState) as 'failed' | 'uncertain' | undefined;
    const open = status.name === 'RUNNING' ? (parked ?? 'running') : undefined;
    return {
      workflowId,
      runId,
      state: open ?? (status.name === 'COMPLETED' ? 'done' : 'ended'),
      startedAt: startTime.toISOString(),
      ...(closeTime && { closedAt: closeTime.toISOString() }),
      url: runUrl(workflowId, runId),
    };
  }

  /** A worker answers it from the run's history; a closed run needs none. */
  async function statusOf(handle: MessageHandle): Promise<Status | undefined> {
    return client.withDeadline(Date.now() + statusWithinMs, () => handle.query<Status>('status')).catch(() => undefined);
  }

  return {
    /** The newest first, as far as visibility knows them: it is a moment behind. */
    async *list({ state, limit = Infinity }: { state?: RunState | undefined; limit?: number } = {}): AsyncGenerator<Run> {
      const query = [`WorkflowType = "${workflowType}"`, ...(state ? [queries[state]] : [])].join(' AND ');
      let left = limit;
      if (left <= 0) return;
      for await (const info of client.workflow.list({ query, pageSize: Math.min(limit, 500) })) {
        yield summarize(info);
        if (--left <= 0) return;
      }
    },

    /** How many there are. */
    count: async (state: RunState): Promise<number> => (await client.workflow.count(`WorkflowType = "${workflowType}" AND ${queries[state]}`)).count,

    /**
     * @param guid of the message, or the id of its workflow
     * @returns undefined when Temporal knows none
     */
    async show(guid: string): Promise<RunDetails | undefined> {
      const handle = handleOf(guid);
      try {
        const description = await handle.describe();
        const run = summarize(description);
        if (run.state === 'done') return { ...run, ...fromOutcome(await handle.result()) };
        if (run.state === 'ended') return { ...run, ...(await endOf(handle)) };
        return { ...run, ...retryingIn(description.raw), ...fromStatus(await statusOf(handle)) };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },

    /** Where it stands now, in one call; undefined when Temporal knows none. */
    async stateOf(guid: string): Promise<RunState | undefined> {
      try {
        return summarize(await handleOf(guid).describe()).state;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },

    /** Sends a parked reply once more, by the signal `retryReply`; does nothing to one that is not parked. */
    release: (guid: string): Promise<void> => handleOf(guid).signal('retryReply'),

    /**
     * The same by the update `retryReplyNow`, which waits up to 55 s for what becomes of it, and as long for a worker.
     *
     * @throws {WorkflowUpdateFailedError} when there is nothing to retry
     */
    releaseAndWait: async (guid: string): Promise<string> => (await handleOf(guid).executeUpdate<{ reply: string }, []>('retryReplyNow')).reply,
  };
}

export type Runs = ReturnType<typeof createRuns>;

function fromOutcome({ verdict, ...outcome }: Outcome): Pick<RunDetails, 'verdict' | 'outcome'> {
  return { verdict, outcome };
}

async function endOf(handle: MessageHandle): Promise<Pick<RunDetails, 'lastFailure'>> {
  try {
    await handle.result();
    return {};
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { lastFailure: error.cause?.message ?? error.message };
  }
}

function fromStatus(status: Status | undefined): Partial<RunDetails> {
  if (!status) return {};
  const { verdict, lastFailure, lastFailureAt, tries } = status;
  return { ...(verdict && { verdict }), ...(lastFailure !== undefined && { lastFailure, tries }), ...(lastFailureAt !== undefined && { lastFailureAt }) };
}

function retryingIn({ pendingActivities }: Awaited<ReturnType<MessageHandle['describe']>>['raw']): Pick<RunDetails, 'retrying'> {
  const again = pendingActivities?.find(({ attempt }) => (attempt ?? 0) > 1);
  if (!again) return {};
  const seconds = Number(again.scheduledTime?.seconds ?? 0);
  return { retrying: { activity: again.activityType?.name ?? '', attempt: again.attempt ?? 1, ...(seconds > 0 && { nextAt: new Date(seconds * 1_000).toISOString() }) } };
}
