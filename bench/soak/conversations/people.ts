import type { Arrived } from './journal.js';
import type { ReplyKind } from './reply-kinds.js';
import { replyTo, type Said } from './texts.js';

/** What is wrong with the replies to people, by ids of texts. */
export interface PeopleFaults {
  /** Acknowledged, and no run has an outcome. */
  lost: string[];
  /** More than one reply. */
  twice: string[];
  /** No reply, and no reason for it: also a HELP or START without its reply. */
  unanswered: string[];
  /** A reply to a text that must get none. */
  unwanted: string[];
  /** The STOPs of a sender who got no confirmation, or several. */
  notConfirmedOnce: string[];
}

/** How many of the texts with one kind of reply must be answered. Absent: as many as come. */
const mustBeAnswered: Partial<Record<ReplyKind, number>> = { stop: 1, start: 1, help: 1, Disagree: 1, Neutral: 0 };

/**
 * Compares the outcomes of what people said with the replies that arrived. Each kind of reply belongs to one text of a
 * sender, or to both STOPs.
 */
export function comparePeople(
  said: readonly Said[],
  outcomes: ReadonlyMap<string, string>,
  arrived: readonly Arrived[],
): PeopleFaults {
  const faults: PeopleFaults = { lost: [], twice: [], unanswered: [], unwanted: [], notConfirmedOnce: [] };
  const replies = countBy(arrived, ({ to, kind }) => `${to} ${kind}`);
  const groups = new Map<string, Said[]>();
  for (const text of said) {
    const key = `${text.number} ${replyTo[text.says]}`;
    groups.set(key, [...(groups.get(key) ?? []), text]);
  }
  for (const [key, texts] of groups) {
    const ids = texts.map(({ workflowId }) => workflowId);
    const outcomeOf = (id: string) => outcomes.get(id) ?? 'no run';
    const lost = ids.filter((id) => ['no run', 'open'].includes(outcomeOf(id)));
    faults.lost.push(...lost);
    if (lost.length > 0) continue;
    const kind = replyTo[(texts[0] as Said).says];
    const [sent, count, must] = [
      ids.filter((id) => outcomeOf(id) === 'sent').length,
      replies.get(key) ?? 0,
      mustBeAnswered[kind],
    ];
    faults.unanswered.push(...ids.filter((id) => !['sent', 'skipped'].includes(outcomeOf(id))));
    if (kind === 'stop' && count !== must) faults.notConfirmedOnce.push(...ids);
    else if (must === 0 && count > 0) faults.unwanted.push(...ids);
    else if (count > sent) faults.twice.push(...ids);
    else if (count < Math.max(sent, must ?? 0)) faults.unanswered.push(...ids);
  }
  for (const key of replies.keys()) if (!groups.has(key)) faults.unwanted.push(key);
  return faults;
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
