// A CommonJS module: Node's ESM loader can't see its named exports.
import proto from '@temporalio/proto';
import { signals, updates } from '../domain/names.js';
import type { TemporalConnection } from './connect.js';

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

const { EventType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;

/**
 * Creates a function that tells from a run's history whether an operator released the reply after the reset that began
 * the run, or since a time in Unix milliseconds.
 */
export function createIsAskedSince({ connection, namespace }: Pick<TemporalConnection, 'connection' | 'namespace'>) {
  return async (workflowId: string, runId: string, since: 'reset' | number): Promise<boolean> => {
    const events: HistoryEvent[] = [];
    let nextPageToken: Uint8Array | undefined;
    do {
      const page = await connection.workflowService.getWorkflowExecutionHistory({
        namespace,
        execution: { workflowId, runId },
        nextPageToken: nextPageToken ?? null,
      });
      events.push(...(page.history?.events ?? []));
      nextPageToken = page.nextPageToken ?? undefined;
    } while (nextPageToken?.length);
    return since === 'reset' ? isAskedSinceReset(events) : isAskedAfter(events, since);
  };
}

/**
 * Finds a request that an operator made after the reset. The server re-applies older requests between the workflow task
 * that the reset failed and the next workflow task it schedules (service/history/ndc/workflow_resetter.go). Newer
 * requests come after that.
 */
function isAskedSinceReset(events: readonly HistoryEvent[]): boolean {
  const reset = events.findLastIndex(
    ({ workflowTaskFailedEventAttributes: failed }) =>
      failed?.cause === WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
  );
  const resumed = events.findIndex(
    ({ eventType }, index) => index > reset && eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  );
  if (reset < 0 || resumed < 0) return false;
  const reapplied = new Set(
    events
      .slice(reset, resumed)
      .map(({ workflowExecutionUpdateAdmittedEventAttributes: admitted }) => admitted?.request?.meta?.updateId),
  );
  return events.slice(resumed).some((event) => isRequest(event, reapplied));
}

/** A reset applies older requests again, with a new time: ask also for those since the reset. */
const isAskedAfter = (events: readonly HistoryEvent[], atMs: number) =>
  events.some((event) => isRequest(event) && timeOf(event) >= atMs);

/** Whether an operator released the reply in this event. */
function isRequest(
  {
    workflowExecutionSignaledEventAttributes: signal,
    workflowExecutionUpdateAcceptedEventAttributes: update,
  }: HistoryEvent,
  reappliedUpdates: ReadonlySet<string | null | undefined> = new Set(),
): boolean {
  return (
    signal?.signalName === signals.retryReply ||
    (update?.acceptedRequest?.input?.name === updates.retryReplyNow &&
      !reappliedUpdates.has(update.acceptedRequest.meta?.updateId))
  );
}

const timeOf = ({ eventTime }: HistoryEvent) =>
  Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000;
