import { Agent, type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type NumberedPost, numberedPost } from '../faults/ledger.js';

/** What a gateway posted, and the responses. */
interface Posted {
  /** GUIDs that got a 200, with the number of each. */
  acknowledged: Map<string, string>;
  posts: number;
  /** Posts that were refused with 503: the gateway knows that it has to post again. */
  unavailable: number;
  /** Posts with another response or none, by what happened and when. */
  failures: string[];
  slowestMs: number;
}

export interface Load {
  posted: Posted;
  /** Posts nothing new, and waits until each text has its 200. */
  stop(): Promise<void>;
}

interface LoadOptions {
  /** The index of the first text. */
  from: number;
  perSecond: number;
  /** Whether to post no other text for a moment. */
  isBehind: () => boolean;
}

/** As a gateway posts again what got no 200, a little later. */
const againAfterMs = 500;
const answerWithinMs = 10_000;

/**
 * Posts texts through the Service until it is stopped. Half of the posts have a connection of their own, which
 * kube-proxy sends to any ready api; the others share connections, as behind an Ingress. Every fifth text is posted
 * twice.
 */
export function startLoad(webhook: string, { from, perSecond, isBehind }: LoadOptions): Load {
  const posted: Posted = { acknowledged: new Map(), posts: 0, unavailable: 0, failures: [], slowestMs: 0 };
  const shared = new Agent({ keepAlive: true, maxSockets: 4 });
  const underWay: Promise<void>[] = [];
  let index = from;

  async function postUntilAcknowledged(text: NumberedPost, agent: Agent | false): Promise<void> {
    for (;;) {
      const begun = performance.now();
      posted.posts++;
      const outcome = await postOnce(webhook, text, agent).catch(
        (error: NodeJS.ErrnoException) => error.code ?? error.name,
      );
      posted.slowestMs = Math.max(posted.slowestMs, Math.round(performance.now() - begun));
      if (outcome === 200) return void posted.acknowledged.set(text.guid, text.number);
      if (outcome === 503) posted.unavailable++;
      else posted.failures.push(`${new Date().toISOString()} ${text.guid} ${agent ? 'shared' : 'own'} ${outcome}`);
      await sleep(againAfterMs);
    }
  }

  const ticks = setInterval(() => {
    if (isBehind()) return;
    const text = numberedPost(index++);
    const agent = index % 2 === 0 && shared;
    underWay.push(postUntilAcknowledged(text, agent));
    if (index % 5 === 0) underWay.push(postUntilAcknowledged(text, agent));
  }, 1_000 / perSecond);

  return {
    posted,
    async stop() {
      clearInterval(ticks);
      await Promise.all(underWay);
      shared.destroy();
    },
  };
}

/** Posts a text, and returns the status. Without an agent it has a connection of its own. */
export async function postOnce(webhook: string, text: NumberedPost, agent: Agent | false = false): Promise<number> {
  const asked = request(webhook, { method: 'POST', agent, signal: AbortSignal.timeout(answerWithinMs) });
  asked.setHeader('content-type', 'application/json');
  asked.end(JSON.stringify(text));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}
