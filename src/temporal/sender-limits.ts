import type { Client } from '@temporalio/client';
import { LRUCache } from 'lru-cache';
import type { ReplyLimit } from '../domain/reply-limit.js';
import { firstRuns, notSkipped, runsOfSender } from './message-runs.js';
import type { SenderKeys } from './sender-key.js';
import { summaryClient } from './summary-client.js';

/** How many senders are watched at once. */
const maxSenders = 50_000;

/** How long a sender over a limit gets nothing, until the pause is certainly written. Then counting begins again. */
const pausingMs = 10_000;

export interface SenderLimitsOptions {
  limits: readonly ReplyLimit[];
  senderKeys: SenderKeys;
}

/** The run of a reply. */
export interface ReplyRun {
  workflowId: string;
  startedAtMs: number;
}

interface Watched {
  /** Nothing before this time counts, and before it nothing is sent. */
  fromMs: number;
  /** When this worker let replies through, by workflow id. */
  replies: Map<string, number>;
}

/**
 * Limits the replies to one sender, over all workers. A worker counts its own replies. From a sender's second reply on,
 * it also asks Temporal for the sender's runs that began earlier and were not skipped. So W workers exceed a limit by
 * at most W - 1 replies, a restart of all by one more, and by what visibility doesn't show yet.
 *
 * @returns a function that tells whether a reply is within the limits, and then counts it. A reply counts once, however
 * often it is tried.
 */
export function createSenderLimits(client: Client, { limits, senderKeys }: SenderLimitsOptions) {
  const longestMs = Math.max(1, ...limits.map(({ withinMs }) => withinMs));
  const most = Math.max(0, ...limits.map(({ replies }) => replies));
  const watched = new LRUCache<string, Watched>({ max: maxSenders, ttl: longestMs, updateAgeOnGet: true });

  /** Returns when the sender's other runs began: those before this run that replied, or still may. */
  async function earlierRuns(sender: string, run: ReplyRun, fromMs: number): Promise<Map<string, number>> {
    const query = [
      firstRuns,
      runsOfSender(senderKeys.map((keyOf) => keyOf(sender))),
      `StartTime > "${timeOf(fromMs)}" AND StartTime <= "${timeOf(run.startedAtMs)}"`,
      notSkipped,
    ].join(' AND ');
    const found = new Map<string, number>();
    for await (const { workflowId, startTime } of summaryClient(client).workflow.list({ query, pageSize: most + 1 })) {
      if (workflowId !== run.workflowId) found.set(workflowId, startTime.getTime());
      if (found.size === most) break;
    }
    return found;
  }

  return async function allow(sender: string, run: ReplyRun): Promise<boolean> {
    if (limits.length === 0) return true;
    const nowMs = Date.now();
    const own = watched.get(sender) ?? { fromMs: 0, replies: new Map<string, number>() };
    watched.set(sender, own);
    if (own.replies.has(run.workflowId)) return true;
    if (nowMs < own.fromMs) return false;
    for (const [id, atMs] of own.replies) if (atMs <= nowMs - longestMs) own.replies.delete(id);

    const fromMs = Math.max(own.fromMs, nowMs - longestMs);
    const others = own.replies.size > 0 ? await earlierRuns(sender, run, fromMs) : [];
    // Only now, since other replies may have been let through meanwhile.
    const times = [...new Map([...others, ...own.replies]).values()];
    const isOver = limits.some(
      ({ replies, withinMs }) => times.filter((atMs) => atMs > nowMs - withinMs).length >= replies,
    );
    if (isOver) watched.set(sender, { fromMs: nowMs + pausingMs, replies: new Map() });
    else own.replies.set(run.workflowId, nowMs);
    return !isOver;
  };
}

const timeOf = (atMs: number) => new Date(atMs).toISOString();
