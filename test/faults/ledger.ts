import type { SentText } from '../../src/demo/simulated-gateway/dialect.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { aPost } from '../helpers/messages.js';

/** What the gateway of a test posted, and the responses. */
export interface Posted {
  /** GUIDs that got a 200, with the number of each: one number per GUID, since the gateway sees no GUID. */
  acknowledged: Map<string, string>;
  /** Responses other than 200, and broken connections. */
  refused: number;
  /** The slowest response, in milliseconds. */
  slowestMs: number;
}

/** A text as a gateway posts it. */
export type NumberedPost = { guid: string; number: string } & Record<string, unknown>;

/** A text for each index, with a GUID and a number of its own. */
export function numberedPost(index: number): NumberedPost {
  return { ...aPost(), guid: `text-${index}`, number: `+1555${String(index).padStart(7, '0')}` };
}

export interface PostPlan {
  count: number;
  perSecond: number;
  /** The index of the first. */
  from?: number;
  /** Default: a text of a number of its own. */
  postOf?: (index: number) => NumberedPost;
  onAcknowledged?: (guid: string) => void;
}

/**
 * Posts texts like a gateway: `perSecond` of them, each again until it gets a 200.
 * Every fifth post is sent twice.
 */
export async function postTexts(
  webhook: string,
  { count, perSecond, from = 0, postOf = numberedPost, onAcknowledged = () => {} }: PostPlan,
): Promise<Posted> {
  const posted: Posted = { acknowledged: new Map(), refused: 0, slowestMs: 0 };
  const startedAt = Date.now();
  const all: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const due = startedAt + (index * 1_000) / perSecond - Date.now();
    if (due > 0) await sleep(due);
    const post = postOf(from + index);
    all.push(postUntilAcknowledged(webhook, post, posted, onAcknowledged));
    if (index % 5 === 0) all.push(postUntilAcknowledged(webhook, post, posted, onAcknowledged));
  }
  await Promise.all(all);
  return posted;
}

async function postUntilAcknowledged(
  webhook: string,
  post: NumberedPost,
  posted: Posted,
  onAcknowledged: (guid: string) => void,
): Promise<void> {
  for (;;) {
    const from = performance.now();
    const status = await fetch(webhook, {
      method: 'POST',
      body: JSON.stringify(post),
      signal: AbortSignal.timeout(10_000),
    }).then(
      async (response) => (await response.arrayBuffer(), response.status),
      () => 0,
    );
    posted.slowestMs = Math.max(posted.slowestMs, performance.now() - from);
    if (status === 200) {
      if (!posted.acknowledged.has(post.guid)) onAcknowledged(post.guid);
      return void posted.acknowledged.set(post.guid, post.number);
    }
    posted.refused++;
    await sleep(200);
  }
}

export interface Verdicts {
  /** Acknowledged, and no run has an outcome for it. */
  lost: string[];
  /** More than one send that the gateway accepted. */
  twice: string[];
  /** No send, although its run does not end as uncertain. */
  unanswered: string[];
  /** Ended as uncertain, with a send or without. */
  uncertain: string[];
}

/** Compares what was acknowledged with what became of it and with what reached the gateway. */
export function compare(
  acknowledged: Map<string, string>,
  outcomes: Map<string, string>,
  sent: ReadonlyArray<Pick<SentText, 'to'>>,
): Verdicts {
  const sends = new Map<string, number>();
  for (const { to } of sent) sends.set(to, (sends.get(to) ?? 0) + 1);
  const verdicts: Verdicts = { lost: [], twice: [], unanswered: [], uncertain: [] };
  for (const [guid, number] of acknowledged) {
    const outcome = outcomes.get(guid);
    const count = sends.get(number) ?? 0;
    if (outcome === undefined || outcome === 'no run' || outcome === 'open') verdicts.lost.push(guid);
    if (count > 1) verdicts.twice.push(guid);
    if (outcome === 'ReplyUncertain') verdicts.uncertain.push(guid);
    else if (count === 0) verdicts.unanswered.push(guid);
  }
  return verdicts;
}

/**
 * Those of the uncertain whose send has reached the gateway. The others were never sent: on a busy machine, Temporal
 * notes at times that a send has begun, and no worker gets it.
 */
export function uncertainButSent(
  uncertain: readonly string[],
  acknowledged: ReadonlyMap<string, string>,
  sent: ReadonlyArray<Pick<SentText, 'to'>>,
): string[] {
  const numbers = new Set(sent.map(({ to }) => to));
  return uncertain.filter((guid) => numbers.has(acknowledged.get(guid) ?? ''));
}
