import type { Arrived, Resumed } from './journal.js';
import type { Said } from './texts.js';

/** A loop with one machine, from its first text or from `contact resume` until Answerback was silent. Unix milliseconds. */
export interface Loop {
  number: string;
  replies: number;
  /** How many it may get: see docs/contacts.md. */
  maxReplies: number;
}

export interface Loops {
  loops: Loop[];
  /** Machines that got a reply to their last text while the load went on. */
  neverSilent: string[];
  /** Texts of machines that were lost, ids. */
  lost: string[];
  /** Machines that got more replies than texts were answered, or fewer. */
  twice: string[];
  unanswered: string[];
}

/** REPLIES_PER_SENDER lets 6 through in 10 minutes, and one more says that a person will read the text. */
const maxReplies = 7;

export interface LoopFacts {
  said: readonly Said[];
  outcomes: ReadonlyMap<string, string>;
  arrived: readonly Arrived[];
  resumed: readonly Resumed[];
  /** When a worker was restarted: each time it may send one more. Unix milliseconds. */
  restartsAt: readonly number[];
  /** When machines stopped writing. Unix milliseconds. */
  overAt: number;
}

/** Splits what happened with each machine into loops, and compares its texts with the replies that it got. */
export function compareLoops({ said, outcomes, arrived, resumed, restartsAt, overAt }: LoopFacts): Loops {
  const result: Loops = { loops: [], neverSilent: [], lost: [], twice: [], unanswered: [] };
  for (const number of new Set(said.map((text) => text.number))) {
    const texts = said.filter((text) => text.number === number).sort((a, b) => a.postedAt - b.postedAt);
    const replies = arrived.filter(({ to }) => to === number);
    const starts = [0, ...resumed.flatMap((one) => (one.number === number ? [one.at] : []))];
    for (const [index, fromAt] of starts.entries()) {
      const within = replies.filter(({ at }) => at >= fromAt && at < (starts[index + 1] ?? Infinity));
      const [first = Infinity, last = 0] = [within[0]?.at, within.at(-1)?.at];
      const restarts = restartsAt.filter((at) => at >= first && at <= last).length;
      result.loops.push({ number, replies: within.length, maxReplies: maxReplies + restarts });
    }
    const outcomesOfTexts = texts.map(({ workflowId }) => outcomes.get(workflowId) ?? 'no run');
    const count = (outcome: string) => outcomesOfTexts.filter((one) => one === outcome).length;
    const isCutShort = (replies.at(-1)?.at ?? 0) >= overAt;
    const notes = replies.filter(({ kind }) => kind === 'person').length;
    if (count('no run') + count('open') > 0) result.lost.push(number);
    // The note is sent by a run that ends as skipped.
    else if (replies.length > count('sent') + notes) result.twice.push(number);
    else if (replies.length < count('sent')) result.unanswered.push(number);
    if (outcomesOfTexts.at(-1) !== 'skipped' && !isCutShort) result.neverSilent.push(number);
  }
  return result;
}
