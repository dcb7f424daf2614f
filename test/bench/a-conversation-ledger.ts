import type { ConversationLedger } from '../../bench/soak/conversations/ledger.js';

/** The ledger of storms and loops in which nothing is wrong but what a test names. */
export const aConversationLedger = (overrides: Partial<ConversationLedger> = {}): ConversationLedger => ({
  texts: { agree: 40, stop: 40, 'stop-again': 20, start: 10, help: 10, question: 10, disagree: 10, machine: 32 },
  replies: { stop: 40, start: 10, help: 10 },
  lost: [],
  twice: [],
  unanswered: [],
  unwanted: [],
  notConfirmedOnce: [],
  late: { afterAcknowledgement: { count: 3, latestMs: 40 }, inGap: { count: 1, latestMs: 2 }, begunAfter: [] },
  loops: [{ number: '+17770000000', replies: 7, maxReplies: 7 }],
  resumed: 1,
  neverSilent: [],
  ...overrides,
});
