import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlaybook, PlaybookError } from '../../src/playbook/parse.js';
import { good } from './good-playbook.js';

/** The good one with a line, or what stands on it, in place of another. */
const but = (line: string, instead: string) => good.replace(line, instead);

/** What is said of a file that is wrong. */
function faultsOf(text: string): string[] {
  try {
    parsePlaybook(text, 'playbook.yaml');
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PlaybookError);
    return (error as Error).message.split('\n');
  }
}

describe('a mistake is reported with line, column and what is expected', () => {
  const long = 'x'.repeat(307);
  it.each([
    ['is empty', '', '1:1: expected a map with otherwise and labels'],
    ['is a list', '- a\n- b\n', '1:1: expected a map with otherwise and labels'],
    [
      'is not YAML',
      but('    meaning: Comes later', '    meaning: Comes: later'),
      '4:14: not YAML: Nested mappings are not allowed in compact mappings',
    ],
    ['has an open quote', but('Comes later', '"Comes later'), 'not YAML: Missing closing "quote'],
    [
      'has a key twice',
      but('    silence: true', '    silence: true\n    meaning: again'),
      '12:5: not YAML: Map keys must be unique',
    ],
    ['is indented with tabs', but('    meaning: Comes', '\tmeaning: Comes'), 'not YAML'],
    [
      'lacks otherwise',
      but('otherwise: Other\n', ''),
      '1:1: otherwise is missing: expected the label of a text that fits no other label',
    ],
    [
      'names an unknown label for otherwise',
      but('otherwise: Other', 'otherwise: Others'),
      '1:12: "Others" is not one of the labels: expected Late, Other',
    ],
    [
      'names for otherwise what every object has',
      but('otherwise: Other', 'otherwise: constructor'),
      '1:12: "constructor" is not one of the labels',
    ],
    [
      'lacks labels',
      'otherwise: Other\n',
      '1:1: labels is missing: expected labels, such as Agree: { meaning: …, templates: … }',
    ],
    ['has no label', 'otherwise: Other\nlabels: {}\n', '2:1: expected 1 to 50 labels'],
    [
      'has a list for labels',
      'otherwise: Other\nlabels: [a]\n',
      '2:1: expected labels, such as Agree: { meaning: …, templates: … }',
    ],
    [
      'has a text for a label',
      but('    meaning: Anything else\n    silence: true\n', '').replace('  Other:', '  Other: silence'),
      '9:10: expected a map with meaning, and templates or silence',
    ],
    [
      'has an unknown key',
      but('silence: true', 'silence: true\n    color: red'),
      '12:5: "color" is not known here: expected meaning, counts_as, words, templates, handoff or silence',
    ],
    [
      'has an unknown setting',
      `${good}limit: 2\n`,
      '12:1: "limit" is not known here: expected lines, otherwise, language, segments, service, requests or labels',
    ],
    [
      'has a label without a meaning',
      but('    meaning: Anything else\n', ''),
      '9:3: meaning is missing: expected what the label means, in a sentence for the model',
    ],
    [
      'has an empty meaning',
      but('meaning: Anything else', 'meaning:'),
      '10:5: expected what the label means, in a sentence for the model',
    ],
    [
      'has a label name that is no name',
      but('  Late:', '  "1/2":').replace('Late', 'x'),
      '3:3: expected a name for the label',
    ],
    [
      'has neither templates nor silence',
      but('    silence: true\n', ''),
      '9:3: expected either templates or "silence: true"',
    ],
    [
      'has both',
      but('silence: true', 'silence: true\n    templates: Hi'),
      '9:3: expected either templates or "silence: true"',
    ],
    ['has silence: false', but('silence: true', 'silence: false'), '11:14: expected true, or to be left out'],
    [
      'has an empty template',
      but('en: Fine.', 'en: ""'),
      '7:7: expected a text; for none write "silence: true" in place of "templates"',
    ],
    [
      'has a list of templates',
      but('      en: Fine.\n      de: Gut.\n', '      - Fine.\n'),
      '6:5: expected a text, or one for each language, such as en: Thank you!',
    ],
    [
      'has a template with a control character',
      but('en: Fine.', 'en: "Fine\\a"'),
      '7:11: expected a text without control characters',
    ],
    [
      'has a language that is none',
      but('de: Gut.', 'german: Gut.'),
      '8:15: expected a language as two small letters, such as en (ISO 639-1)',
    ],
    [
      'lacks the template in its own language',
      but('en: Fine.', 'fr: Bien.'),
      '6:5: en is missing: expected a template in the language of the playbook',
    ],
    [
      'has words that are no list',
      but('words: [late, 10 minutes]', 'words: late'),
      '5:12: expected a list of words and phrases, such as [late, running behind]',
    ],
    [
      'has a word without a letter',
      but('[late, 10 minutes]', '[late, "?!"]'),
      '5:19: "?!" has no letter, digit or emoji: expected a word or phrase',
    ],
    ['has a word that is a map', but('[late, 10 minutes]', '[late, { a: b }]'), '5:19: expected a word or phrase'],
    [
      'has a word of two labels',
      but('silence: true', 'words: [soon, LATE!]\n    silence: true'),
      '11:19: "LATE!" is already a word of Late: expected each word once',
    ],
    ['counts as something else', but('words:', 'counts_as: maybe\n    words:'), '5:16: expected yes or no'],
    [
      'counts as yes twice',
      but('    words:', '    counts_as: yes\n    words:').replace('    silence', '    counts_as: yes\n    silence'),
      '12:16: Late already counts as yes: expected one label for each',
    ],
    ['has no number of segments', `segments: many\n${good}`, '1:11: expected a number from 1 to 10'],
    ['has too many segments', `segments: 11\n${good}`, '1:11: expected a number from 1 to 10'],
    [
      'has a template that is too long',
      but('en: Fine.', `en: ${long}`),
      '7:11: the template takes 3 SMS (GSM-7): expected at most 2; shorten it, or raise segments',
    ],
    [
      'has a template made long by one character',
      but('en: Fine.', `en: ${'x'.repeat(134)}’`),
      '7:11: the template takes 3 SMS (UCS-2, for "’"): expected at most 2',
    ],
    ['has an alias that is not there', but('Comes later', '*later'), '4:14: not YAML: there is no anchor &later'],
  ])('one that %s', (_, text, expected) => {
    expect(faultsOf(text).join('\n')).toContain(expected);
    expect(faultsOf(text).join('\n')).toMatch(/^playbook\.yaml:\d+:\d+: /);
  });

  it('all mistakes together, in their order', () => {
    expect(faultsOf(but('Comes later', '""').replace('silence: true', 'silence: maybe'))).toEqual([
      'playbook.yaml:4:5: expected what the label means, in a sentence for the model',
      'playbook.yaml:11:14: expected true, or to be left out',
    ]);
  });

  it('a file that multiplies by aliases is refused, not expanded', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map(
        (name, index) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${'abcdefgh'[index] ?? ''}`)
            .join(', ')}]`,
      ),
    ].join('\n');
    expect(faultsOf(bomb)[0]).toContain('not YAML that can be read: Excessive alias count');
  });

  it('no other error is thrown, whatever the file contains', () => {
    const line = fc.oneof(
      fc.constantFrom(
        ...good.split('\n'),
        '  - x',
        '? [a]',
        '&a *a',
        '__proto__: 1',
        '  constructor: {}',
        '!!map x',
        '<<: *a',
        '---',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 15 }), (lines) => {
        faultsOf(lines.join('\n'));
      }),
      { numRuns: 2_000 },
    );
  });
});
