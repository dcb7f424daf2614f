import { expect, test } from 'vitest';
import { createFairnessKey } from '../../src/temporal/fairness-key.js';

const key = { id: 'k1', key: Buffer.alloc(32, 1) };
const otherKey = { id: 'k2', key: Buffer.alloc(32, 2) };
const number = '+15550001234';

test('all notations of a number are one sender, and another number is another', () => {
  const fairnessKey = createFairnessKey([key]);
  expect(new Set(['+15550001234', '15550001234', '+1 (555) 000-1234'].map(fairnessKey)).size).toBe(1);
  expect(fairnessKey('+15550001235')).not.toBe(fairnessKey(number));
});

test('it is the same in every process with the same first key, whatever keys follow, and with no other', () => {
  expect(createFairnessKey([key])(number)).toBe(createFairnessKey([key, otherKey])(number));
  expect(createFairnessKey([otherKey, key])(number)).not.toBe(createFairnessKey([key])(number));
});

test('without keys it is the same within a process only, so that it can be linked to nobody', () => {
  const fairnessKey = createFairnessKey([]);
  expect(fairnessKey(number)).toBe(fairnessKey(number));
  expect(createFairnessKey([])(number)).not.toBe(fairnessKey(number));
});

test.each([number, '', 'MPESA', '☎'.repeat(64)])('it is what Temporal takes, and says nothing of the number: %j', (any) => {
  expect(createFairnessKey([key])(any)).toMatch(/^[A-Za-z0-9_-]{16}$/);
});
