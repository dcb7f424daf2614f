import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import pino from 'pino';
import { harmless, harmlessShown } from '../../src/log/escape.js';
import { maskNumber } from '../../src/log/mask-number.js';

describe('a number in a log line', () => {
  it.each([
    ['a phone number keeps two characters at each end', '+123456789', '+1******89'],
    ['a national number too', '0712345678', '07******78'],
    ['eight characters are long', '12345678', '12****78'],
    ['seven keep the first alone', '1234567', '1******'],
    ['a name keeps its first letter', 'MPESA', 'M****'],
    ['four keep the first', '1234', '1***'],
    ['a short code is hidden', '123', '***'],
    ['one character is hidden', '7', '*'],
    ['nothing stays nothing', '', ''],
    ['an emoji counts as one character', '😀😀1234567', '*******67'],
    ['an emoji is hidden wherever it stands', '😀1234567😀', '*1*****7*'],
    ['punctuation is hidden', '(071) 234-5678', '*0**********78'],
    ['digits of other scripts are hidden', '٠٧١٢٣٤٥٦٧٨', '**********'],
    ['a terminal gets no command', '\u001B[31m+123456789\u001B[0m', '*****************0m'],
    ['a line stays one line', '\n+123456789\r\n', '*+***********'],
    ['a lone surrogate is hidden', '\uD83D1234567', '*1****67'],
  ])('%s', (_rule, number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 64 }),
    fc.string({
      unit: fc.constantFrom(
        '+',
        '1',
        '2',
        'A',
        'z',
        '\u0000',
        '\u001B',
        '\n',
        '\u007F',
        '\u009B',
        '\u202E',
        '😀',
        '\uD83D',
      ),
      maxLength: 64,
    }),
    fc.stringMatching(/^\+?[0-9]{8,20}$/),
  );

  it('keeps its length and shows at most two characters at each end, in place', () => {
    fc.assert(
      fc.property(anyText, (number) => {
        const before = Array.from(number);
        const after = Array.from(maskNumber(number));
        expect(after).toHaveLength(before.length);
        const shown = after
          .map((character, index) => ({ character, index }))
          .filter(({ character }) => character !== '*');
        expect(shown.length).toBeLessThanOrEqual(before.length >= 8 ? 4 : before.length > 3 ? 1 : 0);
        for (const { character, index } of shown) expect(character).toBe(before[index]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows nothing that a terminal or a log reader could take for a command', () => {
    fc.assert(
      fc.property(anyText, (number) => {
        expect(maskNumber(number)).toMatch(/^[+0-9A-Za-z*]*$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a line of the log, with any content', () => {
  const nasty = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '\u0000',
        '\u001B[31m',
        '\u001B]0;title\u0007',
        '\n',
        '\r\n',
        '\u007F',
        '\u0085',
        '\u009B2J',
        '\u2028',
        '\u2029',
        '\u202E',
        '\u2066',
        '\uFEFF',
        '\uD83D',
        '\uDC4D',
        '\\u001b',
        '\\\\',
        '"',
        '😀',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    maxLength: 60,
  });

  function lineOf(fields: Record<string, unknown>, message: string): string {
    let line = '';
    pino({ base: null }, { write: (written: string) => void (line += written) }).info(fields, message);
    return line;
  }

  it('is one line of JSON without control characters, and keeps its meaning', () => {
    fc.assert(
      fc.property(nasty, nasty, (field, message) => {
        const written = lineOf({ field, nested: { field } }, message);
        const line = harmless(written);
        expect(line).toMatch(/^[^\n]*\n$/);
        expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u);
        expect(Buffer.from(line).toString()).toBe(line);
        expect(JSON.parse(line)).toEqual({
          ...(JSON.parse(written) as object),
          field,
          nested: { field },
          msg: message,
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('sends no command to a terminal', () => {
    fc.assert(
      fc.property(nasty, (message) => {
        const { msg } = JSON.parse(harmlessShown(lineOf({}, message))) as { msg: string };
        expect(msg).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      }),
      { numRuns: 1_000 },
    );
  });
});
