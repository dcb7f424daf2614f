// CommonJS without named exports that Node's ESM loader could see.
import proto from '@temporalio/proto';
import type { TemporalConnection } from './connect.js';

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

const { EventType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;

/** Reads the history of a reset run for an operator's request that came after the reset. */
export function createIsAskedSinceReset({ connection, namespace }: Pick<TemporalConnection, 'connection' | 'namespace'>) {
  return async (workflowId: string, runId: string): Promise<boolean> => {
    const events: HistoryEvent[] = [];
    let nextPageToken: Uint8Array | undefined;
    do {
      const page = await connection.workflowService.getWorkflowExecutionHistory({ namespace, execution: { workflowId, runId }, nextPageToken: nextPageToken ?? null });
      events.push(...(page.history?.events ?? []));
      nextPageToken = page.nextPageToken ?? undefined;
    } while (nextPageToken?.length);
    return isAskedSinceReset(events);
  };
}

/**
 * The server writes what it re-applies between the workflow task that the reset failed and the next one it schedules
 * (service/history/ndc/workflow_resetter.go); whatever was asked later stands after that.
 */
function isAskedSinceReset(events: readonly HistoryEvent[]): boolean {
  const reset = events.findLastIndex(
    ({ workflowTaskFailedEventAttributes: failed }) => failed?.cause === WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
  );
  const resumed = events.findIndex(({ eventType }, index) => index > reset && eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED);
  if (reset < 0 || resumed < 0) return false;
  const reapplied = new Set(
    events.slice(reset, resumed).map(({ workflowExecutionUpdateAdmittedEventAttributes: admitted }) => admitted?.request?.meta?.updateId),
  );
  return events.slice(resumed).some(
    ({ workflowExecutionSignaledEventAttributes: signal, workflowExecutionUpdateAcceptedEventAttributes: update }) =>
      signal?.signalName === 'retryReply' ||
      (update?.acceptedRequest?.input?.name === 'retryReplyNow' && !reapplied.has(update.acceptedRequest.meta?.updateId)),
  );
}
