import { describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { type Side, silence, startPair } from './loop-setup.js';

/** REPLIES_PER_SENDER lets 6 through in 10 minutes, and one more says that a person will read the text. */
const mostReplies = 7;
/** A worker that has reached a limit sends nothing for this long, until the pause is certainly written. */
const pausingMs = 10_000;

/** What one side remembers of the other. */
const contactOf = async (side: Side, { number }: Side) =>
  (await side.contact('show', number))['contact'] as { state: string; source: string } | null;

describe('two products that reply to each other', () => {
  it(
    'fall silent by their seventh reply, are paused by the limit, and reply again when resumed',
    { timeout: 300_000 },
    async () => {
      // As if each reply had other words.
      const pair = await startPair({ DOUBLE_WINDOW: '0' });
      const [one, other] = pair;
      await one.receive(other.number, 'Do you open on Sundays?');
      await silence(pair);
      const silentAtMs = Date.now();
      const counts = () => pair.map(({ replies }) => replies().length);
      const first = counts();
      console.log(`replies until they were silent: ${first.join(' and ')}`);
      for (const count of first) expect(count).toBeLessThanOrEqual(mostReplies);
      const paused = { state: 'paused', source: 'limit' };
      expect([await contactOf(one, other), await contactOf(other, one)]).toMatchObject([paused, paused]);

      await eventually(() => Date.now() > silentAtMs + pausingMs, { withinMs: 2 * pausingMs });
      expect(await one.outcomeOf(await received(one, other))).toBe('skipped');
      expect(await one.contact('resume', other.number)).toMatchObject({ changed: true });
      expect(await other.contact('resume', one.number)).toMatchObject({ changed: true });
      expect(await one.outcomeOf(await received(one, other))).toBe('sent');
      await silence(pair);
      const second = counts().map((count, side) => count - (first[side] ?? 0));
      console.log(`after they were resumed: ${second.join(' and ')}`);
      for (const count of second) expect(count).toBeLessThanOrEqual(mostReplies);
      expect(second.every((count) => count > 1)).toBe(true);
    },
  );

  it('fall silent even sooner where the words are the same each time', { timeout: 300_000 }, async () => {
    const pair = await startPair({});
    const [one, other] = pair;
    await one.receive(other.number, 'Do you open on Sundays?');
    await silence(pair);
    for (const { replies } of pair) expect(replies().length).toBeLessThanOrEqual(mostReplies);
    const outcomes = await Promise.all(pair.map((side) => Promise.all(side.received.map(side.outcomeOf))));
    expect(outcomes.flat()).toContain('skipped');
  });
});

/** Delivers a text, and waits until it has an outcome. */
async function received(side: Side, { number }: Side): Promise<string> {
  const guid = await side.receive(number, 'And on Mondays?');
  await eventually(async () => !['open', 'no run'].includes(await side.outcomeOf(guid)), { withinMs: 30_000 });
  return guid;
}
