import { quantile } from '../report/statistics.js';
import type { Acknowledged, LoadReport } from './load/messages.js';

/** A reply that the gateway has accepted. */
export interface Sent {
  to: string;
  /** Unix milliseconds. */
  at: number;
}

/** The times of the posts in a window of the run, in milliseconds; absent when there were none. */
export interface Window {
  /** The middle of the window, in milliseconds since the start. */
  atMs: number;
  acknowledgement?: { p50: number; p99: number; max: number };
  /** From the 200 until the reply arrives at the gateway, of the messages that were acknowledged in the window. */
  reply?: { p50: number; p99: number };
}

/** Records everything that was posted, and what was acknowledged and sent of the ordinary load. */
export function createJournal() {
  const acknowledged: Acknowledged[] = [];
  const times: LoadReport['times'] = [];
  const sent: Sent[] = [];
  const numbers = new Map<string, string>();
  const repliedTo = new Set<string>();
  const posts: Record<string, number> = {};
  const postedAgain: Record<string, number> = {};
  const addTo = (totals: Record<string, number>, more: Record<string, number>) => {
    for (const [name, count] of Object.entries(more)) totals[name] = (totals[name] ?? 0) + count;
  };
  return {
    acknowledged: acknowledged as readonly Acknowledged[],
    sent: sent as readonly Sent[],
    /** The number of posts by kind. */
    posts: posts as Readonly<Record<string, number>>,
    /** The number of unexpected responses by status; 0: no response. */
    postedAgain: postedAgain as Readonly<Record<string, number>>,
    reported(report: Omit<LoadReport, 'said'>): void {
      acknowledged.push(...report.acknowledged);
      for (const { workflowId, number } of report.acknowledged) numbers.set(workflowId, number);
      times.push(...report.times);
      addTo(posts, report.posts);
      addTo(postedAgain, report.postedAgain);
    },
    replied(reply: Sent): void {
      sent.push(reply);
      repliedTo.add(reply.to);
    },
    /** True when the gateway has accepted a reply to this number. */
    hasReply: (number: string): boolean => repliedTo.has(number),
    /** Tells whether the reply to this text has arrived; undefined: it is not a text of the ordinary load. */
    hasReplyTo(workflowId: string): boolean | undefined {
      const number = numbers.get(workflowId);
      return number === undefined ? undefined : repliedTo.has(number);
    },
    windows(startedAt: number, windowMs: number): Window[] {
      const firstReply = new Map<string, number>();
      for (const { to, at } of sent) if (!firstReply.has(to)) firstReply.set(to, at);
      const acks = grouped(
        times.map(({ at, ms }) => ({ at: at - startedAt, ms })),
        windowMs,
      );
      const replies = grouped(
        acknowledged.flatMap(({ number, at }) => {
          const repliedAt = firstReply.get(number);
          // The reply may be sent before the response to the post has arrived.
          return repliedAt === undefined ? [] : [{ at: at - startedAt, ms: Math.max(0, repliedAt - at) }];
        }),
        windowMs,
      );
      return [...new Set([...acks.keys(), ...replies.keys()])]
        .sort((a, b) => a - b)
        .map((index) => {
          const [ack, reply] = [acks.get(index), replies.get(index)];
          return {
            atMs: (index + 0.5) * windowMs,
            ...(ack && {
              acknowledgement: { p50: quantile(ack, 0.5), p99: quantile(ack, 0.99), max: quantile(ack, 1) },
            }),
            ...(reply && { reply: { p50: quantile(reply, 0.5), p99: quantile(reply, 0.99) } }),
          };
        });
    },
  };
}

export type Journal = ReturnType<typeof createJournal>;

function grouped(values: ReadonlyArray<{ at: number; ms: number }>, windowMs: number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const { at, ms } of values) {
    const index = Math.floor(at / windowMs);
    const group = groups.get(index);
    if (group) group.push(ms);
    else groups.set(index, [ms]);
  }
  return groups;
}
