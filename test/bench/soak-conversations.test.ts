import { describe, expect, it } from 'vitest';
import { conversationChecks } from '../../bench/soak/conversations/checks.js';
import { createConversationJournal } from '../../bench/soak/conversations/journal.js';
import type { ConversationLedger } from '../../bench/soak/conversations/ledger.js';
import { kindOfReply } from '../../bench/soak/conversations/reply-kinds.js';
import { scripts } from '../../bench/soak/conversations/scripts.js';
import { machineWords, replyTo, type Says, words } from '../../bench/soak/conversations/texts.js';
import { isYes, requestIn } from '../../src/rules/request.js';
import { defaultPlaybook } from '../helpers/playbook.js';
import { aConversationLedger } from './a-conversation-ledger.js';

const requestOf: Partial<Record<Says, string>> = {
  stop: 'opt-out',
  'stop-again': 'opt-out',
  start: 'start',
  help: 'help',
};

describe('the texts of storms and loops', () => {
  const all = [
    ...Object.entries(words).flatMap(([says, texts]) => texts.map((text) => [says as Says, text] as const)),
    ['machine', machineWords(12)] as const,
  ];

  it.each(all)('%s: "%s" is read as what it says', (says, text) => {
    expect(requestIn(text)?.kind).toBe(requestOf[says]);
    expect(isYes(text)).toBe(false);
    if (requestOf[says] === undefined) {
      const label = defaultPlaybook.labelByRules(text);
      expect(label).toBe(replyTo[says]);
      expect(kindOfReply(defaultPlaybook.templateFor(text, label) ?? '')).toBe(label);
    }
  });

  it('ask for one reply of each kind in a script, but for the second STOP', () => {
    for (const script of scripts) {
      const kinds = script.flatMap(({ says }) => (says === 'stop-again' ? [] : [replyTo[says]]));
      expect(new Set(kinds).size).toBe(kinds.length);
    }
  });
});

describe('the journal of storms and loops', () => {
  it('tells which text of a sender a reply belongs to', () => {
    const journal = createConversationJournal();
    const said = (workflowId: string, number: string, says: Says, postedAt: number) => ({
      ...{ workflowId, number, says, postedAt, at: postedAt + 1 },
    });
    journal.reported([said('a', '+1', 'agree', 10), said('b', '+1', 'stop', 20), said('c', '+2', 'machine', 30)]);
    journal.replied({ to: '+1', kind: 'stop', at: 25 });
    journal.replied({ to: '+2', kind: 'Neutral', at: 29 });
    const known = () => ['a', 'b', 'c', 'of another load'].map((id) => journal.hasReplyTo(id));
    expect(known()).toEqual([false, true, false, undefined]);
    journal.replied({ to: '+2', kind: 'Neutral', at: 31 });
    expect(known()).toEqual([false, true, true, undefined]);
    expect(journal.machines()).toEqual(['+2']);
    journal.loopResumed('+2');
    expect(journal.machines()).toEqual([]);
  });
});

describe('the checks of storms and loops', () => {
  const failed = (ledger: Partial<ConversationLedger>) =>
    conversationChecks(aConversationLedger(ledger))
      .filter(({ ok }) => !ok)
      .map(({ what }) => what);

  it('hold where nothing is wrong', () => expect(failed({})).toEqual([]));

  it.each([
    ['lost', 'texts of storms and loops acknowledged, then lost'],
    ['twice', 'texts of storms and loops with two replies'],
    ['unanswered', 'texts of storms and loops without a reply and without a reason'],
    ['unwanted', 'replies to other texts of senders who have opted out'],
    ['notConfirmedOnce', 'STOPs without exactly one confirmation of the first'],
    ['neverSilent', 'machines that were answered to the end'],
  ] as const)('find what is %s', (what, words) => expect(failed({ [what]: ['a'] })).toEqual([words]));

  it('find replies that are too late, loops that are too long, and that nothing was tested', () => {
    const { late } = aConversationLedger();
    expect(failed({ late: { ...late, begunAfter: ['a'] } })).toEqual([
      'replies whose send began after the STOP was remembered',
    ]);
    expect(failed({ late: { ...late, inGap: { count: 1, latestMs: 20_000 } } })).toHaveLength(1);
    expect(failed({ loops: [{ number: '+1', replies: 8, maxReplies: 7 }] })).toHaveLength(1);
    expect(failed({ texts: { stop: 40 } })).toEqual(['texts of storms and loops']);
    expect(failed({ loops: [] })).toEqual(['texts of storms and loops']);
  });
});
