import { compare, type Verdicts } from '../faults/ledger.js';
import { outcomesOf } from '../faults/outcomes.js';
import { eventually } from '../kit/eventually.js';
import { type Load, startLoad } from './load.js';
import { isByStop } from './lost-sends.js';
import type { Scene } from './scene.js';

/** What texts came to while something was done to the cluster. */
export interface Account extends Omit<Verdicts, 'unanswered'> {
  texts: number;
  /** Posts that got neither 200 nor 503, by what happened. */
  failedPosts: string[];
  unavailable: number;
  /** Of the uncertain ones those whose worker was told to stop, or ended. */
  uncertainByStop: string[];
}

const perSecond = 4;

/** Texts before and after the disturbance. */
const quietTexts = 20;

/**
 * Posts texts while `disturb` runs, waits until all are answered, prints the account and returns it.
 *
 * @param options.maxBehind how many replies may be missing: a busy machine is not given more than it can answer
 */
export async function underLoad(
  { installation, client, gateway, ended, nextIndex }: Scene,
  what: string,
  disturb: (load: Load) => Promise<unknown>,
  { maxBehind = 60 } = {},
): Promise<Account> {
  ended.clear();
  const sentBefore = gateway.sent.count;
  const isBehind = () => posted.acknowledged.size - (gateway.sent.count - sentBefore) > maxBehind;
  const load = startLoad(installation.webhook, { from: nextIndex(), perSecond, isBehind });
  const { posted } = load;
  const more = async () => {
    const wanted = posted.acknowledged.size + quietTexts;
    await eventually(() => posted.acknowledged.size >= wanted, { withinMs: 60_000 });
  };
  try {
    await more();
    await disturb(load);
    await more();
  } finally {
    await load.stop();
  }
  const outcomes = await outcomesOf(client, [...posted.acknowledged.keys()], 180_000);
  const { unanswered, ...verdicts } = compare(posted.acknowledged, outcomes, gateway.sent.texts);
  const lost = [...new Set([...verdicts.lost, ...unanswered])];
  const uncertainByStop: string[] = [];
  for (const guid of verdicts.uncertain) if (await isByStop(client, guid, ended.all())) uncertainByStop.push(guid);
  const account = {
    ...verdicts,
    lost,
    uncertainByStop,
    texts: posted.acknowledged.size,
    failedPosts: posted.failures,
    unavailable: posted.unavailable,
  };
  console.log(
    `${what}: ${account.texts} texts in ${posted.posts} posts, ${posted.failures.length} failed, ` +
      `${posted.unavailable} refused with 503, the slowest took ${posted.slowestMs} ms; ` +
      `${lost.length} lost, ${account.twice.length} answered twice, ${account.uncertain.length} uncertain, ` +
      `of these ${uncertainByStop.length} by a stop` +
      posted.failures.map((failure) => `\n  ${failure}`).join(''),
  );
  return account;
}
