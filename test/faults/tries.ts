import type { Client } from '@temporalio/client';
import type { Activities } from '../../src/activities/index.js';

/** The last try of an activity, by the server's clock: times in Unix milliseconds. */
export interface LastTry {
  /** From 1. */
  attempt: number;
  startedAtMs: number;
  /** Absent when it did not return. */
  completedAtMs?: number;
}

interface Timestamp {
  seconds?: unknown;
  nanos?: number | null;
}

const msOf = (time: Timestamp | null | undefined) =>
  Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1_000_000;

/** Reads the last try of a run's first activity of this type from its history; undefined when none has ended. */
export const lastTryOf = async (client: Client, workflowId: string, activity: keyof Activities) =>
  (await lastTriesOf(client, workflowId, activity))[0];

/** Reads the last try of each activity of this type from a run's history, in their order, of those that have ended. */
export async function lastTriesOf(client: Client, workflowId: string, activity: keyof Activities): Promise<LastTry[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const all = events ?? [];
  const scheduled = all.filter(({ activityTaskScheduledEventAttributes: one }) => one?.activityType?.name === activity);
  return scheduled.flatMap(({ eventId }) => {
    // The server writes the start of a try only when the activity ends, or gets no more tries.
    const started = all.find(
      ({ activityTaskStartedEventAttributes: one }) => one && String(one.scheduledEventId) === String(eventId),
    );
    const completed = all.find(
      ({ activityTaskCompletedEventAttributes: one }) => one && String(one.scheduledEventId) === String(eventId),
    );
    if (!started) return [];
    return {
      attempt: started.activityTaskStartedEventAttributes?.attempt ?? 1,
      startedAtMs: msOf(started.eventTime),
      ...(completed && { completedAtMs: msOf(completed.eventTime) }),
    };
  });
}
