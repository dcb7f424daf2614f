import { setTimeout as sleep } from 'node:timers/promises';
import { numberedPost } from '../faults/ledger.js';
import type { Balancer } from '../helpers/balancer.js';

/** What the gateways have posted, and how that went. */
export interface Posted {
  /** The GUIDs that were answered 200, with the number of each. */
  acknowledged: Map<string, string>;
  posts: number;
  /** Posts that were not answered 200 at the first attempt. */
  failed: number;
}

export interface PostPlan {
  count: number;
  perSecond: number;
  /** The index of the first text. */
  from?: number;
  /** Whether to hold back for a moment. */
  isBehind?: () => boolean;
  posted?: Posted;
}

const perBatch = 5;

/** So many texts later, some 15 s, an earlier one comes again: its run has ended by then, as a rule. */
const laterBy = 200;

export const nothingPosted = (): Posted => ({ acknowledged: new Map(), posts: 0, failed: 0 });

/**
 * Posts every text to one of two apis and again to the other one: at once, or a while later. Every other ten come as
 * batches. A post is never repeated for having failed.
 */
export async function postTwice(balancer: Balancer, plan: PostPlan): Promise<Posted> {
  const { count, perSecond, from = 0, isBehind = () => false, posted = nothingPosted() } = plan;
  const underWay: Promise<void>[] = [];

  async function post(indices: readonly number[], api: number): Promise<void> {
    const posts = indices.map((index) => numberedPost(from + index));
    posted.posts++;
    const status = await balancer.post(posts.length === 1 ? posts[0] : { messages: posts }, api);
    if (status !== 200) posted.failed++;
    else for (const { guid, number } of posts) posted.acknowledged.set(guid, number);
  }

  for (let index = 0; index < count; index += perBatch) {
    const next = Array.from({ length: Math.min(perBatch, count - index) }, (_, place) => index + place);
    const first = (index / perBatch) % 2;
    const other = 1 - first;
    const isBatch = index % (4 * perBatch) < 2 * perBatch;
    const isAgainAtOnce = index % (3 * perBatch) === 0;
    const parts = isBatch ? [next] : next.map((one) => [one]);
    for (const part of parts) {
      underWay.push(post(part, first));
      if (isAgainAtOnce) underWay.push(post(part, other));
      const before = part.map((one) => one - laterBy).filter((one) => one >= 0);
      // As they came, or alone what came in a batch.
      if (before.length > 0)
        underWay.push(...(isAgainAtOnce ? before.map((one) => post([one], other)) : [post(before, other)]));
      await sleep((1_000 * part.length) / perSecond);
    }
    while (isBehind()) await sleep(100);
  }
  await Promise.all(underWay);
  return posted;
}
