import { ms } from '../../report/table.js';
import type { ConversationLedger } from './ledger.js';

/** Returns the rows of the report about storms and loops. */
export function conversationFigures(
  { texts, replies, late, loops, resumed }: ConversationLedger,
  storms: string,
): string[][] {
  const { stop = 0, 'stop-again': again = 0, start = 0, help = 0, machine = 0 } = texts;
  const { afterAcknowledgement, inGap } = late;
  const replied = loops.reduce((sum, loop) => sum + loop.replies, 0);
  return [
    ['storms; STOPs, second STOPs; confirmations', `${storms}; ${stop}, ${again}; ${replies.stop}`],
    [
      'STARTs, HELPs of senders who had opted out; their replies',
      `${start}, ${help}; ${replies.start}, ${replies.help}`,
    ],
    [
      'replies after the acknowledgement of a STOP; the latest, ms',
      `${afterAcknowledgement.count}; ${ms(afterAcknowledgement.latestMs)}`,
    ],
    ['of them, after the STOP was remembered; the latest, ms', `${inGap.count}; ${ms(inGap.latestMs)}`],
    ['loops, of them resumed; texts of machines, replies', `${loops.length}, ${resumed}; ${machine}, ${replied}`],
  ];
}
