import { numberedPost } from './ledger.js';

/** Posts under way, of which one knows what was acknowledged. */
export interface Load {
  /** All that was posted, acknowledged or not: the number of each GUID. */
  posted: Map<string, string>;
  /** What was answered 200. */
  acknowledged: Map<string, string>;
  /** Ends the load, and waits for the responses that are still to come or that never will. */
  stop: () => Promise<void>;
}

const tickMs = 100;
const perBatch = 4;

/** A busy machine is not given more than it can answer in the time of a test. */
const maxPosted = 200;

/**
 * About 50 messages a second for 4 s, singles and batches, each with a number of its own since the gateway sees no
 * GUID.
 */
export function startLoad(webhook: string): Load {
  const posted = new Map<string, string>();
  const acknowledged = new Map<string, string>();
  const underWay: Promise<void>[] = [];

  function nextPost() {
    const post = numberedPost(posted.size);
    posted.set(post.guid, post.number);
    return post;
  }

  async function postOnce(posts: ReadonlyArray<ReturnType<typeof nextPost>>, body: unknown): Promise<void> {
    const response = await fetch(webhook, { method: 'POST', body: JSON.stringify(body) }).catch(() => undefined);
    if (response?.status === 200) for (const { guid, number } of posts) acknowledged.set(guid, number);
    await response?.arrayBuffer().catch(() => undefined);
  }

  const ticks = setInterval(() => {
    if (posted.size >= maxPosted) return;
    const single = nextPost();
    const batch = Array.from({ length: perBatch }, nextPost);
    underWay.push(postOnce([single], single), postOnce(batch, { messages: batch }));
  }, tickMs);

  return {
    posted,
    acknowledged,
    async stop() {
      clearInterval(ticks);
      await Promise.all(underWay);
    },
  };
}
