import { expect, it } from 'vitest';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { testSecret } from '../kit/secret.js';

const number = '+15550001234';

it('is the same in every process with the same secret, and different for another sender', () => {
  expect(createSenderKey(testSecret)(number)).toBe(createSenderKey(testSecret)(number));
  expect(createSenderKey(testSecret)('+15550001235')).not.toBe(createSenderKey(testSecret)(number));
});

it('is different with another secret', () => {
  expect(createSenderKey(`${testSecret}2`)(number)).not.toBe(createSenderKey(testSecret)(number));
});

it.each([number, '', 'MPESA', '☎'.repeat(64)])(
  'is valid for Temporal as a fairness key and a search attribute, and reveals nothing of the number: %j',
  (any) => {
    expect(createSenderKey(testSecret)(any)).toMatch(/^[A-Za-z0-9_-]{22}$/);
  },
);
