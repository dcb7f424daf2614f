import { expect, it } from 'vitest';
import type { Round, Row } from '../../bench/ack/results.js';
import { ackScenarios, type Subject } from '../../bench/ack/scenarios.js';
import { costTargets, outcomeOf, type Target, targets } from '../../bench/ack/targets.js';

const target = (what: Target['what'], limit: number): Target => ({
  ...{ scenario: 'one message', what, limit },
  ...{ subject: 'answerback', baseline: 'floor' },
});

/** One row with these values of p50, and of messages per second, in each round. */
function rowOf(subjects: Partial<Record<Subject, number[]>>): Row[] {
  const round = (value: number) => ({ p50: value, messagesPerSecond: value }) as Round;
  const measured = Object.entries(subjects).map(([subject, values]) => [subject, { rounds: values.map(round) }]);
  return [{ scenario: 'one message', subjects: Object.fromEntries(measured) as Row['subjects'] }];
}

it('compares the two sides of each round, so that a busy moment of both changes nothing', () => {
  const rows = rowOf({ answerback: [3, 30, 4], floor: [2, 20, 2] });
  expect(outcomeOf(target('p50', 1.6), rows)).toEqual({ ratio: 1.5, lowest: 1.5, highest: 2, isMet: true });
  expect(outcomeOf(target('p50', 1.4), rows)).toMatchObject({ isMet: false });
});

it('a time must be at most, and a rate at least, its share of the baseline', () => {
  const rows = rowOf({ answerback: [60, 60, 60], floor: [10, 10, 10] });
  expect(outcomeOf(target('messagesPerSecond', 6), rows)?.isMet).toBe(true);
  expect(outcomeOf(target('messagesPerSecond', 6.1), rows)?.isMet).toBe(false);
  expect(outcomeOf(target('p50', 5.9), rows)?.isMet).toBe(false);
});

it('without the baseline there is no outcome', () => {
  expect(outcomeOf(target('p50', 2), rowOf({ answerback: [1] }))).toBe(undefined);
});

it('each target names a scenario', () => {
  const names = ackScenarios(true).map(({ name }) => name);
  for (const { scenario } of [...targets, ...costTargets]) expect(names).toContain(scenario);
});
