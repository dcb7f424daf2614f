import { expect, it } from 'vitest';
import { withDoubles } from '../../src/temporal/doubles.js';
import type { InboundMessage } from '../../src/domain/message.js';
import type { StartOutcome } from '../../src/temporal/start-workflow.js';
import { aMessage } from '../helpers/messages.js';

const machine = '+15550009999';

/** Starts messages, and records which one each is a double of. */
function starting({ windowMs = 10_000, fails = false } = {}) {
  const doubles: Array<string | undefined> = [];
  const how: { outcome: StartOutcome; fails: boolean } = { outcome: 'started', fails };
  const start = withDoubles(
    async ({ doubleOf }) => {
      if (how.fails) throw new Error('Temporal is away');
      doubles.push(doubleOf);
      return how.outcome;
    },
    { windowMs, isExcepted: (sender) => sender === machine },
  );
  const message = (id: string, second = 0, more: Partial<InboundMessage> = {}) =>
    start(
      aMessage({
        id,
        from: '+15550001234',
        text: 'Yes',
        acceptedAt: new Date(Date.UTC(2026, 0, 1, 10, 0, second)).toISOString(),
        ...more,
      }),
    );
  return { how, doubles, message };
}

it('the same text under another id is a double, within the window', async () => {
  const { doubles, message } = starting();
  for (const [id, second] of [
    ['a', 0],
    ['b', 10],
    ['c', 11],
  ] as const)
    await message(id, second);
  expect(doubles).toEqual([undefined, 'a', undefined]);
});

it('a double does not make the window longer', async () => {
  const { doubles, message } = starting();
  for (const [id, second] of [
    ['a', 0],
    ['b', 8],
    ['c', 16],
    ['d', 17],
  ] as const)
    await message(id, second);
  expect(doubles).toEqual([undefined, 'a', undefined, 'c']);
});

it('the later one may be started first, and both at once', async () => {
  const { doubles, message } = starting();
  await Promise.all([message('b', 5), message('a', 0)]);
  expect(doubles).toEqual([undefined, 'b']);
});

it('the same id, another text, another sender and an excepted sender are no doubles', async () => {
  const { doubles, message } = starting();
  await message('a');
  await message('a');
  await message('b', 1, { text: 'No' });
  await message('c', 1, { from: '+15550005678' });
  await message('d', 0, { from: machine });
  await message('e', 0, { from: machine });
  expect(doubles.every((of) => of === undefined)).toBe(true);
});

it('the same text of the same sender on another line is another text', async () => {
  const { doubles, message } = starting();
  await message('a', 0, { to: '+15550000001' });
  await message('b', 1, { to: '+15550000002' });
  await message('c', 1, { gateway: 'twilio', to: '+15550000001' });
  await message('d', 1, { to: '+15550000001', line: 'dev.1' });
  await message('e', 2, { to: '+15550000001' });
  expect(doubles).toEqual([undefined, undefined, undefined, undefined, 'a']);
});

it('a text that the phone posts again later is a double by the time at which it was received', async () => {
  const { doubles, message } = starting();
  await message('a', 0, { receivedAt: '2026-01-01T09:59:59.400Z' });
  await message('b', 3_600, { receivedAt: '2026-01-01T10:00:00.000Z' });
  await message('c', 3_601, { receivedAt: '2026-01-01T11:00:00.000Z' });
  expect(doubles).toEqual([undefined, 'a', undefined]);
});

it('a text is no double of one that was not started, or of an old one that is posted again', async () => {
  const { how, doubles, message } = starting({ fails: true });
  await expect(message('a')).rejects.toThrow();
  how.fails = false;
  await message('b', 1);
  how.outcome = 'duplicate';
  await message('old', 30);
  how.outcome = 'started';
  await message('new', 31);
  expect(doubles).toEqual([undefined, undefined, undefined]);
});

it('0 turns it off', async () => {
  const { doubles, message } = starting({ windowMs: 0 });
  await message('a');
  await message('b');
  expect(doubles).toEqual([undefined, undefined]);
});
