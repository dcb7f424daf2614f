import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LexiconError, parseLexiconFile } from '../../src/rules/lexicon-file.js';
import { lexicon } from '../../src/rules/lexicon.js';

const folder = new URL('../../src/rules/lexicon/', import.meta.url);
const files = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

function mistakesOf(text: string): string {
  try {
    parseLexiconFile(text, 'xx.yaml');
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(LexiconError);
    return (error as Error).message;
  }
}

const phrasesOf = (list: string) =>
  parseLexiconFile(`phrases:\n  yes: |\n    ${list}\n`, 'xx.yaml').phrases.map(({ words }) => words.join(' '));

describe('the lexicon', () => {
  it('is read from files without a mistake', () => {
    expect(lexicon().kinds.get('sounds good')).toBe('like');
    expect(lexicon().kinds.get('dacc')).toBe('agree');
    expect([...lexicon().typical.keys()]).toEqual(['en', 'es', 'fr', 'de']);
  });

  it('takes the meaning of a word in two languages from the first of them', () => {
    expect(lexicon().kinds.get('no')).toBe('no_or_none');
    expect(lexicon().kinds.get('plus')).toBe('not_after_verb');
  });

  it.each(files)('%s is one of the files that are read', (name) => {
    expect(readFileSync(new URL('../lexicon.ts', folder), 'utf8')).toContain(`'${name.replace('.yaml', '')}'`);
  });

  it.each(files)('%s explains each of its lists in a comment', (_, text) => {
    const lists = [...text.matchAll(/^( *#.*\n)?  \w+:(?: \||\n)/gm)];
    expect(lists.length).toBeGreaterThan(0);
    expect(lists.filter(([, comment]) => comment === undefined).map(([list]) => list)).toEqual([]);
  });
});

describe('a list of phrases', () => {
  it.each([
    ['separates them by commas and line ends', 'yes, of course\n    sure', ['yes', 'of course', 'sure']],
    ['offers a choice with "/"', 'see you/ya then', ['see you then', 'see ya then']],
    ['leaves a word out with "?"', 'do not ever? text', ['do not text', 'do not ever text']],
    ['takes capitals, accents and apostrophes as they come', "D'accord, SÍ", ['daccord', 'si']],
    ['takes a hyphen for a blank', 'peut-être', ['peut etre']],
    ['holds numbers and emoji', '100%, +1, 👍', ['100%', '+1', '👍']],
    ['may end in a comma', 'yes,', ['yes']],
  ])('%s', (_, list, expected) => {
    expect(phrasesOf(list)).toEqual(expected);
  });
});

describe('a mistake is reported with its line and column', () => {
  it.each([
    ['an empty file', '', '1:1: expected a map with phrases, words or spellings'],
    ['a syntax error', 'phrases:\n  yes: |\n    a\n bad', ':4:2: not YAML'],
    [
      'a section that is none',
      'phases:\n  yes: a\n',
      '1:1: "phases" is not known here: expected phrases, words or spellings',
    ],
    [
      'a list that is none',
      'phrases:\n  yess: |\n    a\n',
      '2:3: "yess" is not known here: expected yes, no, no_or_none, ',
    ],
    [
      'a spelling that is none',
      'spellings:\n  typos:\n    a: b\n',
      '2:3: "typos" is not known here: expected contractions or misspellings',
    ],
    ['a YAML list', 'phrases:\n  yes: [a, b]\n', '2:3: expected a block of text'],
    [
      'a phrase twice',
      'phrases:\n  yes: |\n    a, b\n  no: |\n    c,\n    d, b\n',
      '6:8: "b": "b" is in the list yes already',
    ],
    ['a choice twice', 'phrases:\n  yes: |\n    a c\n    a/b c\n', '4:5: "a/b c": "a c" is in the list yes already'],
    [
      'a sign that no word has',
      'phrases:\n  yes: |\n    a,   wh*t, b\n',
      '3:10: "wh*t": expected words of letters and digits',
    ],
    ['an empty choice', 'phrases:\n  yes: a, b/ c\n', '2:11: "b/ c": expected words of letters and digits'],
    ['only optional words', 'phrases:\n  yes: |\n    a? b?\n', '3:5: "a? b?": expected a word that must be there'],
    ['a phrase among words', 'words:\n  denials: |\n    a, b c\n', '3:8: "b c": expected a single word'],
    ['a word twice', 'words:\n  denials: |\n    a, b, a\n', '3:11: "a" is in this list already'],
    ['a contraction of one word', 'spellings:\n  contractions:\n    dont: dont\n', '3:5: "dont": expected two words'],
    ['a misspelling of two words', 'spellings:\n  misspellings:\n    a b: c\n', '3:5: "a b": expected a single word'],
    [
      'two words that are meant',
      'spellings:\n  misspellings:\n    nt: not no\n',
      '3:9: "not no": expected a single word',
    ],
  ])('%s', (_, text, expected) => {
    expect(mistakesOf(text)).toContain(expected);
    expect(mistakesOf(text)).toMatch(/^xx\.yaml:\d+:\d+: /);
  });

  it('all of them at once, in the order of the file', () => {
    expect(mistakesOf('phrases:\n  yes: |\n    a, a\n\n    #\n').split('\n')).toEqual([
      'xx.yaml:3:8: "a": "a" is in the list yes already: expected each phrase once',
      'xx.yaml:5:5: "#": expected words of letters and digits, "a/b" for either, "a?" if optional',
    ]);
  });
});
