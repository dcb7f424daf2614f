import type { Client } from '@temporalio/client';
import type { Ended } from './ended.js';

/** After this time Temporal gives up a send: the `startToCloseTimeout` of sendReply. */
const sendTimeoutMs = 15_000;

/**
 * Whether a stop may have made a reply uncertain: Temporal gave the send to a worker that ended before the send could
 * have timed out. Otherwise it was Temporal: while it is away no worker can report a send, and on a very busy machine it
 * notes that a task has begun, and no worker gets it.
 */
export async function isByStop(client: Client, guid: string, ended: readonly Ended[]): Promise<boolean> {
  const { events = [] } = await client.workflow.getHandle(guid).fetchHistory();
  const started = (events ?? []).findLast(({ activityTaskStartedEventAttributes: attributes }) => {
    const scheduled = (events ?? []).find(({ eventId }) => String(eventId) === String(attributes?.scheduledEventId));
    return scheduled?.activityTaskScheduledEventAttributes?.activityType?.name === 'sendReply';
  });
  const startedAt = Number(started?.eventTime?.seconds ?? 0) * 1_000;
  const pod = started?.activityTaskStartedEventAttributes?.identity?.split('@')[1];
  return ended.some((one) => one.pod === pod && !(startedAt < one.toldAt - sendTimeoutMs));
}
