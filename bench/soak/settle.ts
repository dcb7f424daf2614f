import type { Client } from '@temporalio/client';
import { createRuns } from '../../src/temporal/runs.js';
import { compare, type Verdicts } from '../../test-faults/ledger.js';
import { outcomesOf } from '../../test-faults/outcomes.js';
import { eventually } from '../../test/helpers/eventually.js';
import type { Journal } from './journal.js';
import { releaseFailed } from './release.js';

/** What became of all that was acknowledged. */
export interface Ledger extends Verdicts {
  /** Acknowledged GUIDs. */
  acknowledged: number;
  /** Those that had one reply. */
  replied: number;
  /** Those that wanted no reply, and had none. */
  silent: number;
  /** Replies that are parked as uncertain, whether they arrived or not. */
  parked: number;
  /** Got a reply, or another outcome, although they wanted none. */
  notSilent: string[];
}

const settleWithinMs = 600_000;
const mostReleases = 5;

/** Waits until the inbox is empty and each acknowledged message has its outcome; what failed is released once more. */
export async function settle(journal: Journal, client: Client, depth: () => number | undefined, commandEnv: Record<string, string>): Promise<Ledger> {
  await eventually(() => depth() === 0, { withinMs: settleWithinMs }).catch(() => undefined);
  const texts = journal.acknowledged;
  const wanted = texts.filter(({ silent }) => !silent);
  const withoutReply = () => {
    const replied = new Set(journal.sent.map(({ to }) => to));
    return wanted.filter(({ number }) => !replied.has(number)).map(({ guid }) => guid);
  };
  // Those whose replies come by themselves need not be asked for one by one.
  await eventually(() => withoutReply().length === 0, { withinMs: 5_000 }).catch(() => undefined);
  let outcomes = await outcomesOf(client, withoutReply(), settleWithinMs);
  for (let release = 0; release < mostReleases && [...outcomes.values()].includes('ReplyFailed'); release++) {
    await releaseFailed(commandEnv);
    outcomes = await outcomesOf(client, withoutReply(), settleWithinMs);
  }

  const sent = journal.sent;
  const found = new Map(wanted.map(({ guid }) => [guid, outcomes.get(guid) ?? 'sent'] as const));
  const verdicts = compare(new Map(wanted.map(({ guid, number }) => [guid, number])), found, sent);
  const silent = texts.filter((text) => text.silent);
  const silentOutcomes = await outcomesOf(client, silent.map(({ guid }) => guid), settleWithinMs);
  const sentTo = new Set(sent.map(({ to }) => to));
  const notSilent = silent.filter(({ guid, number }) => silentOutcomes.get(guid) !== 'skipped' || sentTo.has(number)).map(({ guid }) => guid);
  return {
    ...verdicts,
    acknowledged: texts.length,
    replied: wanted.length - verdicts.unanswered.length - verdicts.lost.length - verdicts.uncertain.length - verdicts.twice.length,
    silent: silent.length - notSilent.length,
    parked: await createRuns(client, () => '').count('uncertain'),
    notSilent,
  };
}
