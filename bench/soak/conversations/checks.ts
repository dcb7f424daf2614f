import { sendTryTimeoutMs } from '../../../src/domain/waiting.js';
import { below, type Check, milliseconds, namedNone } from '../checks.js';
import type { ConversationLedger } from './ledger.js';

/** The checks of the storms of STOPs and of the loops. */
export function conversationChecks({ late, loops, neverSilent, ...ledger }: ConversationLedger): Check[] {
  const tooLong = loops.filter(({ replies, maxReplies }) => replies > maxReplies);
  const most = Math.max(0, ...loops.map(({ replies }) => replies));
  const { stop = 0, 'stop-again': again = 0, help = 0, start = 0 } = ledger.texts;
  return [
    {
      what: 'texts of storms and loops',
      found: `${stop} STOPs, ${again} second STOPs, ${help} HELPs, ${start} STARTs, ${loops.length} loops`,
      limit: 'some of each',
      ok: Math.min(stop, again, help, start, loops.length) > 0,
    },
    namedNone('texts of storms and loops acknowledged, then lost', ledger.lost),
    namedNone('texts of storms and loops with two replies', ledger.twice),
    namedNone('texts of storms and loops without a reply and without a reason', ledger.unanswered),
    namedNone('STOPs without exactly one confirmation of the first', ledger.notConfirmedOnce),
    namedNone('replies to other texts of senders who have opted out', ledger.unwanted),
    namedNone('replies whose send began after the STOP was remembered', late.begunAfter),
    // One try of a send never takes longer.
    below(
      'replies that had begun, after the STOP was remembered',
      [late.inGap.latestMs],
      sendTryTimeoutMs,
      milliseconds,
    ),
    {
      what: 'automatic replies in a loop, until it is silent or resumed',
      found: `at most ${most}`,
      limit: 'at most 7, and 1 for each restart during the loop',
      ok: tooLong.length === 0,
    },
    namedNone('machines that were answered to the end', neverSilent),
  ];
}
