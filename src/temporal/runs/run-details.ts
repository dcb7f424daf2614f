import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { queries } from '../../domain/names.js';
import type { answerMessage } from '../../workflows/answer-message.js';
import type { Outcome } from '../../workflows/outcome.js';
import type { Status } from '../../workflows/signals.js';
import type { Run, RunDetails } from './run.js';

/** Time limit for a worker to answer the status query. Without a worker there is no status. */
const statusWithinMs = 3_000;

export type MessageHandle = WorkflowHandle<typeof answerMessage>;

type Description = Awaited<ReturnType<MessageHandle['describe']>>;

/** Returns what a run tells beyond its summary: its outcome, how it ended, or its current status. */
export async function detailsOf(
  { state }: Run,
  handle: MessageHandle,
  { raw }: Description,
  client: Client,
): Promise<Omit<RunDetails, keyof Run>> {
  if (state === 'done') return fromOutcome(await handle.result());
  if (state === 'ended') return endOf(handle);
  return { ...retryingIn(raw), ...fromStatus(await statusOf(handle, client)) };
}

/** Queries a worker, which computes the status from the run's history. Undefined when no worker responds. */
async function statusOf(handle: MessageHandle, client: Client): Promise<Status | undefined> {
  return client
    .withDeadline(Date.now() + statusWithinMs, () => handle.query<Status>(queries.status))
    .catch(() => undefined);
}

function fromOutcome({ verdict, ...outcome }: Outcome): Pick<RunDetails, 'verdict' | 'outcome'> {
  return { ...(verdict && { verdict }), outcome };
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
  return {
    ...(verdict && { verdict }),
    ...(lastFailure !== undefined && { lastFailure, tries }),
    ...(lastFailureAt !== undefined && { lastFailureAt }),
  };
}

function retryingIn({ pendingActivities }: Description['raw']): Pick<RunDetails, 'retrying'> {
  const retried = pendingActivities?.find(({ attempt }) => (attempt ?? 0) > 1);
  if (!retried) return {};
  const seconds = Number(retried.scheduledTime?.seconds ?? 0);
  return {
    retrying: {
      activity: retried.activityType?.name ?? '',
      attempt: retried.attempt ?? 1,
      ...(seconds > 0 && { nextAt: new Date(seconds * 1_000).toISOString() }),
    },
  };
}
