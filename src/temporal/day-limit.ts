import type { Client } from '@temporalio/client';
import { firstRuns, notSkipped } from './message-runs.js';

/** How long a count is used. Between two counts, a worker adds its own replies. */
const keptMs = 10_000;

const dayMs = 86_400_000;

/** From this share of the limit on, it is near. */
const nearFrom = 0.8;

export interface DayLimitOptions {
  /** Undefined: no limit. */
  repliesPerDay: number | undefined;
  /** Called with each new count. */
  onCounted?: (replies: number) => void;
  /** Called when the limit becomes near or reached. */
  onChange?: (change: DayLimitChange) => void;
}

export interface DayLimitChange {
  state: 'near' | 'reached';
  replies: number;
  limit: number;
  /** ISO 8601. */
  at: string;
}

/**
 * Limits the replies to all senders within 24 hours, near enough: it counts the runs that have ended with a reply,
 * every 10 s, and adds what this worker lets through. So W workers exceed it by what they send in 10 s.
 *
 * @returns a function that tells whether one more reply is within the limit
 */
export function createDayLimit(
  client: { workflow: Pick<Client['workflow'], 'count'> },
  { repliesPerDay, onCounted, onChange }: DayLimitOptions,
) {
  let counted: { atMs: number; replies: Promise<number>; since: number } | undefined;
  let last: 'far' | 'near' | 'reached' = 'far';

  async function count(): Promise<number> {
    const query = [
      firstRuns,
      'ExecutionStatus = "Completed"',
      `StartTime > "${new Date(Date.now() - dayMs).toISOString()}"`,
      notSkipped,
    ].join(' AND ');
    const { count } = await client.workflow.count(query);
    onCounted?.(count);
    return count;
  }

  return async function allow(): Promise<boolean> {
    if (repliesPerDay === undefined) return true;
    if (!counted || performance.now() - counted.atMs > keptMs) {
      const asked = (counted = { atMs: performance.now(), replies: count(), since: 0 });
      // A failure is not kept.
      asked.replies.catch(() => counted === asked && (counted = undefined));
    }
    const current = counted;
    const replies = (await current.replies) + current.since;
    const state = replies >= repliesPerDay ? 'reached' : replies >= nearFrom * repliesPerDay ? 'near' : 'far';
    if (state !== last && state !== 'far')
      onChange?.({ state, replies, limit: repliesPerDay, at: new Date().toISOString() });
    last = state;
    if (state === 'reached') return false;
    current.since++;
    return true;
  };
}
