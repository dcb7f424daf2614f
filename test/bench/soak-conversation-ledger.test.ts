import { describe, expect, it } from 'vitest';
import type { Arrived } from '../../bench/soak/conversations/journal.js';
import { compareLoops, type LoopFacts } from '../../bench/soak/conversations/loops.js';
import { comparePeople, type PeopleFaults } from '../../bench/soak/conversations/people.js';
import type { ReplyKind } from '../../bench/soak/conversations/reply-kinds.js';
import type { Said, Says } from '../../bench/soak/conversations/texts.js';

const number = '+16660000000';
const noFault: PeopleFaults = { lost: [], twice: [], unanswered: [], unwanted: [], notConfirmedOnce: [] };

/** The id of each text is what it says. */
const text = (says: Says, postedAt = 0): Said => ({ workflowId: says, number, says, postedAt, at: postedAt + 1 });
const reply = (kind: ReplyKind, at = 0): Arrived => ({ to: number, kind, at });

describe('the replies to people in a storm', () => {
  const compare = (outcomes: Partial<Record<Says, string>>, arrived: ReplyKind[]) =>
    comparePeople(
      (Object.keys(outcomes) as Says[]).map((says) => text(says)),
      new Map(Object.entries(outcomes)),
      arrived.map((kind) => reply(kind)),
    );

  it.each([
    [{ agree: 'sent', stop: 'sent' }, ['Agree', 'stop']],
    [{ agree: 'skipped', stop: 'sent', 'stop-again': 'skipped', question: 'skipped' }, ['stop']],
    [{ agree: 'skipped', stop: 'skipped', 'stop-again': 'sent', help: 'sent' }, ['stop', 'help']],
    [{ stop: 'sent', start: 'sent', disagree: 'sent' }, ['stop', 'start', 'Disagree']],
  ] satisfies Array<[Partial<Record<Says, string>>, ReplyKind[]]>)('are right: %o', (outcomes, arrived) =>
    expect(compare(outcomes, arrived)).toEqual(noFault),
  );

  it.each([
    [{ agree: 'open' }, [], { lost: ['agree'] }],
    [{ agree: 'sent' }, ['Agree', 'Agree'], { twice: ['agree'] }],
    [{ agree: 'sent' }, [], { unanswered: ['agree'] }],
    [{ agree: 'ReplyFailed' }, [], { unanswered: ['agree'] }],
    [{ help: 'skipped' }, [], { unanswered: ['help'] }],
    [{ start: 'skipped' }, [], { unanswered: ['start'] }],
    [{ agree: 'skipped' }, ['Agree'], { twice: ['agree'] }],
    [{ question: 'sent' }, ['Neutral'], { unwanted: ['question'] }],
    [{ stop: 'skipped' }, [], { notConfirmedOnce: ['stop'] }],
    [{ stop: 'sent', 'stop-again': 'sent' }, ['stop', 'stop'], { notConfirmedOnce: ['stop', 'stop-again'] }],
    [{ agree: 'sent' }, ['Agree', 'other'], { unwanted: [`${number} other`] }],
  ] satisfies Array<[Partial<Record<Says, string>>, ReplyKind[], Partial<PeopleFaults>]>)(
    'are wrong: %o with %o',
    (outcomes, arrived, faults) => expect(compare(outcomes, arrived)).toEqual({ ...noFault, ...faults }),
  );
});

describe('a loop', () => {
  /** Seven texts and their replies; the last says that a person will read the text, and the text after it gets no reply. */
  const facts = (overrides: Partial<LoopFacts> = {}): LoopFacts => {
    const said = Array.from({ length: 8 }, (_, index) => ({ ...text('machine', 10 * index), workflowId: `${index}` }));
    return {
      said,
      outcomes: new Map(said.map(({ workflowId }, index) => [workflowId, index < 6 ? 'sent' : 'skipped'])),
      arrived: said.slice(0, 7).map(({ postedAt }, index) => reply(index === 6 ? 'person' : 'Neutral', postedAt + 5)),
      ...{ resumed: [], restartsAt: [], overAt: 1_000 },
      ...overrides,
    };
  };

  it('may get seven replies, and one more for each restart meanwhile', () => {
    expect(compareLoops(facts())).toEqual({
      ...{ loops: [{ number, replies: 7, maxReplies: 7 }] },
      ...{ neverSilent: [], lost: [], twice: [], unanswered: [] },
    });
    expect(compareLoops(facts({ restartsAt: [4, 30, 66] })).loops).toMatchObject([{ maxReplies: 8 }]);
  });

  it('begins again when the operator ends the pause', () => {
    const resumed = [{ number, at: 32 }];
    expect(compareLoops(facts({ resumed })).loops.map(({ replies }) => replies)).toEqual([3, 4]);
  });

  it('is found where texts are lost, answered twice or not at all, or answered to the end', () => {
    const { outcomes, arrived } = facts();
    const but = (id: string, outcome: string) => new Map(outcomes).set(id, outcome);
    expect(compareLoops(facts({ outcomes: but('3', 'no run') })).lost).toEqual([number]);
    expect(compareLoops(facts({ arrived: [...arrived, reply('Neutral', 90)] })).twice).toEqual([number]);
    expect(compareLoops(facts({ arrived: arrived.slice(2) })).unanswered).toEqual([number]);
    const answered = { outcomes: but('7', 'sent'), arrived: [...arrived, reply('Neutral', 90)] };
    expect(compareLoops(facts(answered)).neverSilent).toEqual([number]);
    expect(compareLoops(facts({ ...answered, overAt: 80 })).neverSilent).toEqual([]);
  });
});
