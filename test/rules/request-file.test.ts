import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRequestFile } from '../../src/rules/request-file.js';
import { requestLanguages } from '../../src/rules/request-languages.js';
import { RequestFileError } from '../../src/rules/request-schema.js';

const folder = new URL('../../src/rules/requests/', import.meta.url);
const files = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

function mistakesOf(text: string): string {
  try {
    parseRequestFile(text, 'xx.yaml');
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(RequestFileError);
    return (error as Error).message;
  }
}

const keywords = 'keywords:\n  stop:\n    common: |\n      a\n';

describe('the files of requests', () => {
  it('are all read', () => {
    const read = requestLanguages().map(({ language }) => `${language}.yaml`);
    expect(read.sort()).toEqual(files.map(([name]) => name));
  });

  it.each(files)('%s has no mistake, and no line over 120 characters', (name, text) => {
    parseRequestFile(text, name);
    expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  it.each(files)('%s has no stop word that means no', (name, text) => {
    const stop = parseRequestFile(text, name).keywords.filter(({ kind }) => kind === 'stop');
    const no = new Set(['no', 'non', 'nao', 'nein', 'nei', 'nie', 'hayir', 'нет', 'οχι', 'لا', 'לא', '不', 'いいえ']);
    expect(stop.filter(({ words }) => words.length === 1 && no.has(words[0] ?? ''))).toEqual([]);
  });
});

describe('a mistake is reported with its line and column', () => {
  it.each([
    ['an empty file', '', '1:1: expected a map with polite, keywords, groups'],
    ['no keywords', 'polite: |\n  a\n', 'keywords is missing: expected a map with stop, help'],
    ['a section that is none', `${keywords}phrase: {}\n`, '5:1: "phrase" is not known here: expected polite, keywords'],
    ['a kind that is none', `${keywords}  halt: {}\n`, '5:3: "halt" is not known here: expected stop, help'],
    [
      'a source that is none',
      'keywords:\n  stop:\n    law: |\n      a\n',
      '3:5: "law" is not known here: expected sourced',
    ],
    [
      'a place that is none',
      `${keywords}phrases:\n  stop:\n    any: |\n      a\n`,
      '7:5: "any" is not known here: expected whole',
    ],
    ['a YAML list', 'keywords:\n  stop:\n    common: [a]\n', '3:5: expected a block of text'],
    [
      'a keyword of two kinds',
      `${keywords}  help:\n    common: |\n      b,\n      a\n`,
      '8:7: "a" is in the list stop already',
    ],
    ['a keyword with a mark', 'keywords:\n  stop:\n    common: |\n      a, b*\n', '4:10: "b*": expected words'],
    [
      'a group that is none',
      `${keywords}phrases:\n  stop:\n    within: |\n      a <b>\n`,
      '8:7: "a <b>": there is no group "b"',
    ],
    [
      'a pattern with a mark',
      `${keywords}phrases:\n  stop:\n    within: |\n      a b*\n`,
      '8:7: "a b*": expected words',
    ],
    [
      'a gap first',
      `${keywords}phrases:\n  stop:\n    within: |\n      ... a\n`,
      '8:7: "... a": expected a word or <group> first',
    ],
    [
      'nothing that must be there',
      `${keywords}not_when:\n  earlier: |\n    a?\n`,
      '7:5: "a?": expected a word that must be there',
    ],
  ])('%s', (_, text, message) => {
    expect(mistakesOf(text)).toContain(message);
  });

  it('with all others', () => {
    expect(mistakesOf('keywords:\n  stop:\n    common: |\n      a*, b*\n').split('\n')).toHaveLength(2);
  });
});
