import type { Client } from '@temporalio/client';
import { outcomesOf } from '../../../test/faults/outcomes.js';
import type { ConversationJournal } from './journal.js';
import { type LateReplies, measureLate } from './late.js';
import { compareLoops, type Loop } from './loops.js';
import { comparePeople, type PeopleFaults } from './people.js';
import type { Says } from './texts.js';

/** What became of all conversations. */
export interface ConversationLedger extends PeopleFaults {
  /** Acknowledged texts, by what they say. */
  texts: Partial<Record<Says, number>>;
  /** The confirmations of STOP and of START, and the replies to HELP. */
  replies: Record<'stop' | 'start' | 'help', number>;
  late: LateReplies;
  loops: readonly Loop[];
  /** Loops that went on after the operator had ended the pause of their machine. */
  resumed: number;
  /** Machines that got a reply to their last text while the load went on. */
  neverSilent: string[];
}

export interface Ended {
  journal: ConversationJournal;
  client: Client;
  /** When workers were restarted, in Unix milliseconds. */
  restartsAt: readonly number[];
  /** When the load ended, in Unix milliseconds. */
  overAt: number;
}

/** Compares what was said with its outcomes, once all runs have ended. */
export async function conversationLedger({ journal, client, restartsAt, overAt }: Ended): Promise<ConversationLedger> {
  const { said, arrived, resumed } = journal;
  const outcomes = await outcomesOf(
    client,
    said.map(({ workflowId }) => workflowId),
    60_000,
  );
  const machines = said.filter(({ says }) => says === 'machine');
  const people = said.filter(({ says }) => says !== 'machine');
  const numbers = new Set(machines.map(({ number }) => number));
  const toPeople = arrived.filter(({ to }) => !numbers.has(to));
  const faults = comparePeople(people, outcomes, toPeople);
  const { loops, neverSilent, ...ofMachines } = compareLoops({
    ...{ said: machines, outcomes, arrived, resumed, restartsAt, overAt },
  });
  const count = (kind: 'stop' | 'start' | 'help') => toPeople.filter((reply) => reply.kind === kind).length;
  const texts: Partial<Record<Says, number>> = {};
  for (const { says } of said) texts[says] = (texts[says] ?? 0) + 1;
  return {
    ...faults,
    lost: [...faults.lost, ...ofMachines.lost],
    twice: [...faults.twice, ...ofMachines.twice],
    unanswered: [...faults.unanswered, ...ofMachines.unanswered],
    texts,
    replies: { stop: count('stop'), start: count('start'), help: count('help') },
    late: await measureLate(client, people, toPeople),
    ...{ loops, neverSilent, resumed: resumed.length },
  };
}
