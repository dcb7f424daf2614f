import { replyState, senderAttribute, workflowType, workflowTypes } from '../domain/names.js';

/** The visibility query for the runs of messages, of all types that any release has started. */
export const messageRuns = `WorkflowType IN (${workflowTypes.map((type) => `'${type}'`).join(', ')})`;

/** The visibility query for the runs of messages alone: a reply that the carrier refused has a second run. */
export const firstRuns = `WorkflowType = '${workflowType}'`;

/** The visibility query for the runs that replied, or still may. */
export const notSkipped = `(${replyState.name} IS NULL OR ${replyState.name} != 'skipped')`;

/** Returns the visibility query for the runs with one of these values as their attribute Sender. */
export const runsOfSender = (senderKeys: readonly string[]): string =>
  `${senderAttribute.name} IN (${senderKeys.map((key) => `'${key}'`).join(', ')})`;

/** Returns whether a run is of a message. Other programs may share the namespace. */
export function isMessageRun({ type }: { type?: { name?: string | null } | null }): boolean {
  return workflowTypes.includes(type?.name ?? '');
}
