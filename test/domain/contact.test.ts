import { expect, it } from 'vitest';
import { type Contact, identitiesOf, strongestFirst } from '../../src/domain/contact.js';
import { createSenderOf } from '../../src/domain/sender.js';

const identities = (from: string, country?: 'US' | 'DE') =>
  identitiesOf({ from, sender: createSenderOf(country)(from) });

it.each([
  ['+15550001234', undefined, ['+15550001234']],
  ['+1 (555) 000-1234', 'US', ['+15550001234']],
  ['0015550001234', 'US', ['+15550001234']],
  ['555 000 1234', undefined, ['5550001234']],
  ['555 000 1234', 'US', ['+15550001234', '5550001234']],
  ['0151 23456789', 'DE', ['+4915123456789', '015123456789']],
  ['MPESA', 'US', ['MPESA']],
  ['32665', 'US', ['32665']],
] as const)('%s with the default country %s is remembered as %j', (from, country, expected) => {
  expect(identities(from, country)).toEqual(expected);
});

it.each(['555 000 1234', '(555) 000-1234', '+1 555 000 1234'])(
  'a change of the default country does not forget %s',
  (from) => {
    const shares = (one: string[], other: string[]) => one.some((identity) => other.includes(identity));
    expect(shares(identities(from), identities(from, 'US'))).toBe(true);
  },
);

it('of several contacts of one sender an opt-out is the strongest, and then the newest', () => {
  const since = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();
  const contact = (state: Contact['state'], minute: number, until?: string): Contact => ({
    ...{ state, sender: '+15550001234', since: since(minute), source: 'text' },
    ...(until !== undefined && { until }),
  });
  const [older, newer] = [contact('handed-over', 2, since(59)), contact('paused', 3, since(4))];
  const optOut = contact('opted-out', 1);
  expect([older, newer, optOut].sort(strongestFirst)).toEqual([optOut, newer, older]);
});
