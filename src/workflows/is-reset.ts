import { workflowInfo } from '@temporalio/workflow';

/** Returns whether this run began with a reset: the run before it may have sent the reply. */
export function isReset(): boolean {
  const { runId, firstExecutionRunId } = workflowInfo();
  return runId !== firstExecutionRunId;
}
