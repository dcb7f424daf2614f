import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canBeAnswered, createSenderOf, senderToErase } from '../../src/domain/sender.js';

const withoutCountry = createSenderOf(undefined);
const inUs = createSenderOf('US');

describe('without a default country', () => {
  it.each([
    ['+1 555 000 1234', '+15550001234'],
    ['+15550001234', '+15550001234'],
    ['+1 (555) 000-1234', '+15550001234'],
    ['(+1) 555.000.1234', '+15550001234'],
    ['0015550001234', '+15550001234'],
    ['001-555-000-1234', '+15550001234'],
    ['  00 1 555/000 1234 ', '+15550001234'],
    ['+1\u00a0555\u2011000\u20111234', '+15550001234'],
    ['\u202a+1 555 000 1234\u202c', '+15550001234'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+44 20 7946 0958', '+442079460958'],
    ['0044 (0)20 7946 0958', '+442079460958'],
    ['＋１ ５５５ ０００ １２３４', '+15550001234'],
    ['+١ ٥٥٥ ٠٠٠ ١٢٣٤', '+15550001234'],
    ['۰۰۱۵۵۵۰۰۰۱۲۳۴', '+15550001234'],
  ])('%s is in E.164', (from, sender) => {
    expect(withoutCountry(from)).toBe(sender);
  });

  it.each([
    ['555 000 1234', '5550001234'],
    ['(555) 000-1234', '5550001234'],
    ['15550001234', '15550001234'],
    ['639923150633', '639923150633'],
    ['٥٥٥٠٠٠١٢٣٤', '5550001234'],
  ])('the country of %s is unknown: its digits are the sender', (from, sender) => {
    expect(withoutCountry(from)).toBe(sender);
  });

  it.each([
    ['+123456789', '+123456789'],
    ['00 123 456 789', '+123456789'],
    [`+${'9'.repeat(15)}`, `+${'9'.repeat(15)}`],
    [`+${'9'.repeat(16)}`, `+${'9'.repeat(16)}`],
    ['00', '00'],
    ['+0', '0'],
    ['0000000', '0000000'],
  ])('%s, which is in no plan, is one sender all the same', (from, sender) => {
    expect(withoutCountry(from)).toBe(sender);
  });
});

describe('with a default country', () => {
  it.each(['+1 555 000 1234', '0015550001234', '011 1 555 000 1234', '555 000 1234', '(555) 000-1234', '15550001234'])(
    '%s is one person in the US',
    (from) => {
      expect(inUs(from)).toBe('+15550001234');
    },
  );

  it.each([
    ['PH', '639923150633', '+639923150633'],
    ['PH', '0992 315 0633', '+639923150633'],
    ['GB', '020 7946 0958', '+442079460958'],
    ['AU', '0011 1 555 000 1234', '+15550001234'],
    ['JP', '0015550001234', '+15550001234'],
    ['US', '+44 20 7946 0958', '+442079460958'],
    ['US', '442079460958', '442079460958'],
    ['US', '000 1234', '+1234'],
  ] as const)('%s: %s', (country, from, sender) => {
    expect(createSenderOf(country)(from)).toBe(sender);
  });
});

describe.each([
  ['without a default country', withoutCountry],
  ['in the US', inUs],
])('%s', (_where, senderOf) => {
  it.each(['333', '12345', '123456', 'MPESA', 'M-Pesa', 'Müller & Co.', '1-800-FLOWERS', '+', '()', '--', '💬', '++1'])(
    '%s is kept as it is',
    (from) => {
      expect(senderOf(from)).toBe(from);
    },
  );

  it.each([
    ['3-33', '333'],
    [' MPESA ', 'MPESA'],
    ['ＭＰＥＳＡ', 'MPESA'],
    [' \u00a0\t', ''],
  ])('of %j only the notation goes', (from, sender) => {
    expect(senderOf(from)).toBe(sender);
  });

  it('64 characters of junk are a name', () => {
    for (const junk of ['+'.repeat(64), '('.repeat(64), '\u0000'.repeat(64), '٩+'.repeat(32), '+(0) '.repeat(12)])
      expect(senderOf(junk)).toBe(junk.trim());
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }),
  fc.stringMatching(/^[\s(]*\+?[0-9٠-٩０-９ ().\-/+]{1,60}$/).map((text) => text.slice(0, 64)),
  fc.stringMatching(/^(\+|00)(1|44|49|39|52|54|55|7|81|36|800|979)0{0,3}1?[0-9]{4,12}$/),
);
const anySenderOf = fc
  .constantFrom(undefined, 'US', 'GB', 'DE', 'IT', 'MX', 'AR', 'BR', 'RU', 'JP', 'HU', 'AU', 'PH', 'CI')
  .map((country) => createSenderOf(country as Parameters<typeof createSenderOf>[0]));

it('the sender of a sender is that sender, whatever was written', () => {
  fc.assert(
    fc.property(anyText, anySenderOf, (from, senderOf) => {
      const sender = senderOf(from);
      expect(senderOf(sender)).toBe(sender);
    }),
    { numRuns: 5_000, examples: [['+490000000000', withoutCountry]] },
  );
});

it('every notation of a number is the same sender', () => {
  const anySign = fc.constantFrom('', ' ', '-', '.', '/', ' (', ') ', '\u00a0', '\u2011');
  const anyDigits = fc.constantFrom('0123456789', '０１２３４５６７８９', '٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹');
  fc.assert(
    fc.property(
      fc.stringMatching(/^[1-9][0-9]{6,14}$/),
      fc.constantFrom('+', '00', '+00', '＋'),
      fc.array(anySign, { minLength: 15, maxLength: 15 }),
      anyDigits,
      anySenderOf,
      (digits, prefix, signs, alphabet, senderOf) => {
        const written = Array.from(digits, (digit, index) => `${alphabet[Number(digit)]}${signs[index]}`).join('');
        const plain = senderOf(`+${digits}`);
        // 00 before a number of no plan may also belong to the country's own prefix, such as Australia's 0011.
        fc.pre(prefix !== '00' || senderOf(`00${digits}`) === plain);
        expect(senderOf(prefix + written)).toBe(plain);
      },
    ),
    { numRuns: 3_000 },
  );
});

it('no text of 64 characters takes long', () => {
  const started = performance.now();
  for (const part of ['+', '0', '(', ' ', '9', '-', '٩', '+1 ', '(0)', '00 ', 'a1'])
    for (let round = 0; round < 100; round++) inUs(part.repeat(64).slice(0, 64));
  expect(performance.now() - started).toBeLessThan(2_000);
});

it.each([
  ['+15550001234', true],
  ['5550001234', true],
  ['+1234567', true],
  ['+123456', false],
  ['123456', false],
  ['333', false],
  ['MPESA', false],
  ['+', false],
  ['', false],
  ['1-800-FLOWERS', false],
])('%j can be answered: %s', (sender, answered) => {
  expect(canBeAnswered(sender)).toBe(answered);
});

it('to erase a number, its notations are known, those of its own country only where that is the default', () => {
  expect(senderToErase('0015550001234', withoutCountry)).toEqual({
    sender: '+15550001234',
    notations: ['15550001234', '0015550001234', '105550001234', '00105550001234'],
  });
  expect(senderToErase('(555) 000-1234', inUs).notations).toEqual([
    '15550001234',
    '0015550001234',
    '105550001234',
    '00105550001234',
    '5550001234',
  ]);
  expect(senderToErase('+44 20 7946 0958', createSenderOf('GB')).notations).toEqual(
    expect.arrayContaining(['442079460958', '4402079460958', '02079460958']),
  );
  expect(senderToErase('MPESA', inUs)).toEqual({ sender: 'MPESA', notations: ['MPESA'] });
});
