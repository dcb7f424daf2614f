import type { ReplyKind } from './reply-kinds.js';
import { replyTo, type Said } from './texts.js';

/** A reply that the gateway has accepted for a sender of a conversation. */
export interface Arrived {
  to: string;
  kind: ReplyKind;
  /** Unix milliseconds. */
  at: number;
}

/** A pause of a machine that the operator ended, in Unix milliseconds. */
export interface Resumed {
  number: string;
  at: number;
}

/** Records what the senders of conversations said, and what they got. */
export function createConversationJournal() {
  const said: Said[] = [];
  const byRun = new Map<string, Said>();
  const arrived: Arrived[] = [];
  const resumed: Resumed[] = [];
  return {
    said: said as readonly Said[],
    arrived: arrived as readonly Arrived[],
    resumed: resumed as readonly Resumed[],
    reported(texts: readonly Said[]): void {
      said.push(...texts);
      for (const text of texts) byRun.set(text.workflowId, text);
    },
    replied: (reply: Arrived): void => void arrived.push(reply),
    loopResumed: (number: string): void => void resumed.push({ number, at: Date.now() }),
    /** The machines whose loop was not resumed yet. */
    machines(): string[] {
      const numbers = new Set(said.flatMap(({ says, number }) => (says === 'machine' ? [number] : [])));
      return [...numbers].filter((number) => !resumed.some((one) => one.number === number));
    },
    /** Tells whether the reply to this text has arrived; undefined: it is not a text of a conversation. */
    hasReplyTo(workflowId: string): boolean | undefined {
      const text = byRun.get(workflowId);
      if (!text) return undefined;
      // A machine has written because the reply to its text before has arrived.
      const isReply = ({ kind, at }: Arrived) =>
        text.says === 'machine' ? at >= text.postedAt : kind === replyTo[text.says];
      return arrived.some((reply) => reply.to === text.number && isReply(reply));
    },
  };
}

export type ConversationJournal = ReturnType<typeof createConversationJournal>;
