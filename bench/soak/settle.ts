import type { Client } from '@temporalio/client';
import { createRuns } from '../../src/temporal/runs.js';
import { compare, type Verdicts } from '../../test-faults/ledger.js';
import { outcomesOf } from '../../test-faults/outcomes.js';
import { eventually } from '../../test/helpers/eventually.js';
import type { Journal } from './journal.js';
import type { Operator } from './operator.js';

/** What became of all that was acknowledged. */
export interface Ledger extends Verdicts {
  /** Acknowledged GUIDs. */
  acknowledged: number;
  /** Those that had one reply. */
  replied: number;
  /** Those that wanted no reply, and had none. */
  silent: number;
  /** Replies that are left parked. */
  parked: number;
  /** Got a reply, or another outcome, although they wanted none. */
  notSilent: string[];
}

/** A long run may leave more to wait for than a short one; what takes longer than this will not end. */
const settleWithinMs = (ranMs: number) => Math.min(Math.max(120_000, ranMs / 2), 600_000);

export interface Unsettled {
  journal: Journal;
  client: Client;
  /** Messages in the inbox; undefined where that cannot be told. */
  depth: () => number | undefined;
  operator: Operator;
  /** How long there was load. */
  ranMs: number;
}

/** Waits until the inbox is empty and every run has ended, with an operator who looks after those that are parked. */
export async function settle({ journal, client, depth, operator, ranMs }: Unsettled): Promise<Ledger> {
  const withinMs = settleWithinMs(ranMs);
  const runs = createRuns(client, () => '');
  const parked = async () => (await runs.count('failed')) + (await runs.count('uncertain'));
  await eventually(() => depth() === 0, { withinMs }).catch(() => undefined);
  const allEnded = async () => {
    if ((await parked()) > 0) await operator.release();
    return (await runs.count('running')) + (await parked()) === 0;
  };
  await eventually(allEnded, { withinMs }).catch((error: unknown) => console.error(error));

  const texts = journal.acknowledged;
  const wanted = texts.filter((text) => !text.silent);
  const silent = texts.filter((text) => text.silent);
  // The run of a message that has its one reply need not be asked.
  const withoutReply = wanted.filter(({ number }) => !journal.hasReply(number)).map(({ guid }) => guid);
  const outcomes = await outcomesOf(client, [...withoutReply, ...silent.map(({ guid }) => guid)], withinMs);
  const verdicts = compare(new Map(wanted.map(({ guid, number }) => [guid, number])), new Map(wanted.map(({ guid }) => [guid, outcomes.get(guid) ?? 'sent'])), journal.sent);
  const notSilent = silent.filter(({ guid, number }) => outcomes.get(guid) !== 'skipped' || journal.hasReply(number)).map(({ guid }) => guid);
  return {
    ...verdicts,
    acknowledged: texts.length,
    replied: wanted.length - new Set([...verdicts.unanswered, ...verdicts.lost, ...verdicts.uncertain, ...verdicts.twice]).size,
    silent: silent.length - notSilent.length,
    notSilent,
    parked: await parked(),
  };
}
