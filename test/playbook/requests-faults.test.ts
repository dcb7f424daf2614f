import { describe, expect, it } from 'vitest';
import { defaultPlaybookFile } from '../../src/playbook/files.js';
import { readPlaybook } from '../../src/playbook/read.js';
import { parsePlaybook, PlaybookError } from '../../src/playbook/parse.js';
import { good } from './good-playbook.js';

const builtIn = await readPlaybook(defaultPlaybookFile);

function faultsOf(lines: string): string[] {
  try {
    parsePlaybook(`${lines}\n${good}`, 'playbook.yaml', builtIn);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PlaybookError);
    return (error as Error).message.split('\n');
  }
}

const request = (text: string) => `service: Rosa\nrequests:\n  stop: ${text}`;

describe('a mistake in the name of the service is reported with its place', () => {
  it.each([
    ['is empty', 'service:', '1:1: expected the name of the service, or to be left out'],
    ['is blank', 'service: " "', '1:10: expected the name of the service, or to be left out'],
    ['is too long', `service: ${'x'.repeat(61)}`, '1:10: expected a name of at most 60 characters'],
    ['has a control character', 'service: "Ro\\asa"', '1:10: expected a name without control characters'],
    ['has two lines', 'service: "Cafe\\nRosa"', '1:10: expected a name without control characters'],
    [
      'is a list',
      'service: [Rosa]',
      '1:1: expected the name of the service, or one for each language, such as en: Cafe Rosa',
    ],
    [
      'is in a language that is none',
      'service: { en: Rosa, english: Rosa }',
      '1:31: expected a language as two small letters',
    ],
    [
      'lacks the language of the playbook',
      'service: { fr: Rosa }',
      '1:1: en is missing: expected the name in the language of the playbook',
    ],
    [
      'is too long in one language',
      `service:\n  en: Rosa\n  de: ${'x'.repeat(61)}`,
      '3:7: expected a name of at most 60 characters',
    ],
    [
      'makes a built-in text too long',
      'segments: 1\nservice: Rosa™',
      '2:10: with this name, the built-in text for stop in en takes 2 SMS (UCS-2, for "™"): expected at most 1; shorten the name, write this text under requests, or raise segments',
    ],
    [
      'makes a built-in text too long even of the usual two',
      `service: ${'Я'.repeat(60)}`,
      '1:10: with this name, the built-in text for',
    ],
  ])('one that %s', (_, lines, expected) => {
    expect(faultsOf(lines)).toEqual([expect.stringContaining(`playbook.yaml:${expected}`)]);
  });
});

describe('a mistake in a text for a request is reported with its place', () => {
  it.each([
    [
      'is for an unknown request',
      'requests:\n  stopp: Bye',
      '2:3: "stopp" is not known here: expected stop, start, help or person',
    ],
    ['is for every request', 'requests: Bye', '1:11: expected a map with stop, start, help or person'],
    ['is empty', request('""'), '3:3: expected a text, or to be left out for the built-in one'],
    [
      'is blank in a language',
      request('\n    en: Bye\n    de: " "'),
      '5:9: expected a text, or to be left out for the built-in one',
    ],
    [
      'is a list',
      request('[Bye]'),
      '3:3: expected a text, or one for each language, such as en: You will get no more texts.',
    ],
    ['has a control character', request('"Bye\\a"'), '3:9: expected a text without control characters'],
    ['is in a language that is none', request('{ english: Bye }'), '3:20: expected a language as two small letters'],
    [
      'is too long',
      request('x'.repeat(307)),
      '3:9: the text takes 3 SMS (GSM-7): expected at most 2; shorten it, or raise segments',
    ],
    [
      'is too long in one language, with the name of the service',
      `segments: 1\n${request(`\n    en: Bye\n    de: "${'x'.repeat(157)}{service}"`)}`,
      '6:9: the text takes 2 SMS (GSM-7): expected at most 1',
    ],
    [
      'names the service of a playbook without a name',
      'requests:\n  stop: Bye from {service}.',
      '2:18: {service} has no name: expected the key service, such as "service: Cafe Rosa"',
    ],
    [
      'has an unknown word in braces',
      request('Bye {name}.'),
      '3:13: {name} is not known here: expected {service}, or no braces',
    ],
    ['has {service} in other letters', request('Bye { Service }.'), '3:13: { Service } is not known here'],
    ['has empty braces', request('Bye {}.'), '3:13: {} is not known here'],
    [
      'has an unknown word in a language',
      request('\n    en: Bye\n    de: Ende {name}'),
      '5:14: {name} is not known here',
    ],
    [
      'has an unknown word in the third line',
      request('|\n\n    Bye\n      to {name}'),
      '6:10: {name} is not known here',
    ],
  ])('one that %s', (_, lines, expected) => {
    expect(faultsOf(lines)).toEqual([expect.stringContaining(`playbook.yaml:${expected}`)]);
  });

  it('all mistakes together, in their order', () => {
    expect(faultsOf('requests:\n  stop: "{service} {a} {b}"')).toEqual([
      expect.stringContaining(':2:10: {service} has no name'),
      expect.stringContaining(':2:20: {a} is not known'),
      expect.stringContaining(':2:24: {b} is not known'),
    ]);
  });
});

it('a text may be as long as one SMS with the name of the service, exactly', () => {
  const lines = (characters: number) => `segments: 1\n${request(`"${'x'.repeat(characters)}{service}"`)}`;
  expect(faultsOf(lines(156))).toEqual([]);
  expect(faultsOf(lines(157))).toHaveLength(1);
});
