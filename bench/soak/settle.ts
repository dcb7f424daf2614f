import type { Client } from '@temporalio/client';
import { createRuns } from '../../src/temporal/runs/runs.js';
import { compare, type Verdicts } from '../../test/faults/ledger.js';
import { outcomesOf } from '../../test/faults/outcomes.js';
import { eventually } from '../../test/kit/eventually.js';
import type { Journal } from './journal.js';
import type { Operator } from './operator.js';

/** The outcomes of all acknowledged messages. */
export interface Ledger extends Verdicts {
  /** Acknowledged messages. */
  acknowledged: number;
  /** Messages with exactly one reply. */
  replied: number;
  /** Messages that must get no reply and got none. */
  silent: number;
  /** Replies that are still parked. */
  parked: number;
  /** Ids of messages that must get no reply but got one, or had another outcome. */
  notSilent: string[];
}

/** How long to wait for the end, in milliseconds. A long run may leave more work than a short one. */
const settleWithinMs = (ranMs: number) => Math.min(Math.max(120_000, ranMs / 2), 600_000);

export interface Unsettled {
  journal: Journal;
  client: Client;
  /** Messages in the inbox; undefined when unknown. */
  depth: () => number | undefined;
  operator: Operator;
  /** The duration of the load. */
  ranMs: number;
}

/** Waits until the inbox is empty and every run has ended, while the operator releases parked replies. */
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
  // A message with its reply needs no look-up of its run.
  const withoutReply = wanted.filter(({ number }) => !journal.hasReply(number)).map(({ workflowId }) => workflowId);
  const outcomes = await outcomesOf(client, [...withoutReply, ...silent.map(({ workflowId }) => workflowId)], withinMs);
  const verdicts = compare(
    new Map(wanted.map(({ workflowId, number }) => [workflowId, number])),
    new Map(wanted.map(({ workflowId }) => [workflowId, outcomes.get(workflowId) ?? 'sent'])),
    journal.sent,
  );
  const notSilent = silent
    .filter(({ workflowId, number }) => outcomes.get(workflowId) !== 'skipped' || journal.hasReply(number))
    .map(({ workflowId }) => workflowId);
  return {
    ...verdicts,
    acknowledged: texts.length,
    replied:
      wanted.length -
      new Set([...verdicts.unanswered, ...verdicts.lost, ...verdicts.uncertain, ...verdicts.twice]).size,
    silent: silent.length - notSilent.length,
    notSilent,
    parked: await parked(),
  };
}
