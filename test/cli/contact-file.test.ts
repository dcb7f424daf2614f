import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { fromText } from '../../src/cli/cell-text.js';
import { columns, lineOf } from '../../src/cli/contact-file/columns.js';
import { parseContactFile } from '../../src/cli/contact-file/parse.js';
import type { Config } from '../../src/config/config.js';

const now = new Date('2026-11-20T12:00:00.000Z');

const parse = (text: string | Uint8Array, config: Pick<Config, 'defaultCountry'> = { defaultCountry: undefined }) =>
  parseContactFile(typeof text === 'string' ? Buffer.from(text) : text, { source: 'import', config, now });

const one = (number: string, rest = {}) => ({ kept: [number], since: now.toISOString(), source: 'import', ...rest });

describe('a file of contacts', () => {
  it('needs only numbers', () => {
    expect(parse('number\n+15550001234\n0044 20 7946 0000\n')).toEqual({
      contacts: [one('+15550001234'), one('+442079460000')],
      wrong: [],
    });
  });

  it('can have all columns in any order, quotes, CRLF, a byte order mark and empty lines', () => {
    const text =
      '\ufeffState,number,since,words,source\r\n' +
      'opted-out,"+1 (555) 000-1234",2026-11-01,"Stop, ""please""\r\nnow – ñ",old system\r\n\r\n' +
      ',+15550001235,2026-11-01T10:00:00+02:00,,\r\n';
    expect(parse(text)).toEqual({
      contacts: [
        one('+15550001234', {
          since: '2026-11-01T00:00:00.000Z',
          source: 'old system',
          words: 'Stop, "please"\nnow – ñ',
        }),
        one('+15550001235', { since: '2026-11-01T08:00:00.000Z' }),
      ],
      wrong: [],
    });
  });

  it('keeps a number without a country code under its digits too', () => {
    expect(parse('number\n(212) 555-0123\n', { defaultCountry: 'US' }).contacts).toEqual([
      one('+12125550123', { kept: ['+12125550123', '2125550123'] }),
    ]);
  });

  it('gives a number once that it has with and without its country code', () => {
    const text = 'number,since\n+12125550123,2026-02-01\n2125550123,2026-01-01\n';
    expect(parse(text, { defaultCountry: 'US' }).contacts).toEqual([
      one('+12125550123', { kept: ['+12125550123', '2125550123'], since: '2026-02-01T00:00:00.000Z' }),
    ]);
  });

  it('gives a number of several lines once, with its newest date', () => {
    const text = 'number,since\n+15550001234,2026-01-01\n0015550001234,2026-03-01\n+1 555 000 1234,2026-02-01\n';
    expect(parse(text).contacts).toEqual([one('+15550001234', { since: '2026-03-01T00:00:00.000Z' })]);
  });

  it('is reported with each wrong line, and without the numbers', () => {
    const text = [
      'number,since,state',
      '+15550001234,,',
      'Peter,,',
      '"+1555000\n1235",soon,',
      '+15550001236,2026-02-30,',
      '+15550001237,2026-11-21,',
      '+15550001238,,paused',
      '+15550001239,',
      '1.5550001E+10,,',
      ',,',
    ].join('\r\n');
    const { wrong } = parse(text);
    const number = 'the number is not a phone number: write it with + and its country code, such as +15550001234';
    const since = 'since must be a date or a time with its zone, such as 2026-11-01 or 2026-11-01T10:00:00Z';
    expect(wrong).toEqual([
      { line: 3, problem: number },
      { line: 5, problem: since },
      { line: 6, problem: since },
      { line: 7, problem: 'since is in the future' },
      { line: 8, problem: 'state must be opted-out' },
      { line: 9, problem: 'it has 2 columns, not 3: put quotes around a text with a comma' },
      { line: 10, problem: number },
      { line: 11, problem: number },
    ]);
  });

  it.each([
    ['', 'The file is empty'],
    ['+15550001234\n', 'The first line must name the columns, separated by commas: number, and any of since'],
    ['number;since\n', 'The first line must name the columns, separated by commas'],
    ['number,snce\n', 'did you mean since?'],
    ['since,words\n', 'The first line must name the columns'],
    ['number,number\n', 'The first line must name the columns'],
    ['number,words\n+15550001234,"stop\n', 'The file is no CSV: the quote that is opened on line 2 is not closed'],
    ['number,words\n+15550001234,a"b\n', 'The file is no CSV: a quote on line 2 is wrong'],
    [`number,words\n+15550001234,${'x'.repeat(100_000)}\n`, 'The file is no CSV: line 2 is too long'],
    [Buffer.from('number,words\n+15550001234,fin\xe9\n', 'latin1'), 'The file is not in UTF-8: save it as "CSV UTF-8"'],
    [Buffer.from('number\n+15550001234\n', 'utf16le'), 'The first line must name the columns'],
  ])('that is no such file is refused: %j', (text, problem) => {
    expect(() => parse(text)).toThrow(problem);
  });

  it('gives back every text that is exported, and no text begins a formula there', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '=', '+', '-', '@', "'", "'=", "''+", '\t'),
        (text, start) => {
          const words = (start + text).replace(/\r\n?/g, '\n');
          const contact = { state: 'opted-out', sender: '+15550001234', since: now.toISOString() } as const;
          const line = lineOf({ ...contact, source: 'text', ...(words !== '' && { words }) });
          expect(line.words).not.toMatch(/^[=+\-@\t\r]/);
          expect(fromText(line.words)).toBe(words);
          const file = stringify([line], { header: true, columns: [...columns] });
          expect(parse(file).contacts).toEqual([
            one('+15550001234', { source: 'text', ...(words !== '' && { words }) }),
          ]);
        },
      ),
    );
  });
});
