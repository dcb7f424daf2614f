import { workflowTypes } from '../domain/names.js';

/** The visibility query for the runs of messages, of all types that any release has started. */
export const messageRuns = `WorkflowType IN (${workflowTypes.map((type) => `'${type}'`).join(', ')})`;

/** Returns whether a run is of a message. Other programs may share the namespace. */
export function isMessageRun({ type }: { type?: { name?: string | null } | null }): boolean {
  return workflowTypes.includes(type?.name ?? '');
}
