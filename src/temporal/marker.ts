import { Client, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import type { TemporalConnection } from './connect.js';

/** What calls about markers need. */
export type Temporal = Pick<TemporalConnection, 'connection' | 'namespace'>;

/** The delay of a workflow that never begins. The server counts it as a duration of at most 292 years. */
export const never = '20000 days';

const callWithinMs = 5_000;

/**
 * Runs calls about markers, each within 5 s. The client has no payload codec: a process may lack the keys.
 *
 * @throws what `calls` throws
 */
export function withMarkers<Result>(
  { connection, namespace }: Temporal,
  calls: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connection, namespace });
  return client.withDeadline(Date.now() + callWithinMs, () => calls(client));
}

/** A workflow that never begins, by which the namespace remembers something. */
export interface Marker {
  workflowType: string;
  workflowId: string;
  taskQueue: string;
  memo?: Record<string, unknown>;
}

/**
 * Leaves a marker.
 *
 * @returns false when there is one with this id
 */
export async function leaveMarker(temporal: Temporal, marker: Marker): Promise<boolean> {
  try {
    await startMarker(temporal, marker, {
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Leaves a marker in place of the one with this id. */
export async function replaceMarker(temporal: Temporal, marker: Marker): Promise<void> {
  const policies = {
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  } as const;
  await startMarker(temporal, marker, policies);
}

const startMarker = (
  temporal: Temporal,
  { workflowType, ...marker }: Marker,
  policies: Pick<WorkflowStartOptions, 'workflowIdReusePolicy' | 'workflowIdConflictPolicy'>,
) =>
  withMarkers(temporal, (client) => client.workflow.start(workflowType, { ...marker, startDelay: never, ...policies }));
