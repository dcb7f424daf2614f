import { expect, it } from 'vitest';
import { parsePlaybook } from '../../src/playbook/parse.js';
import { good } from './good-playbook.js';

it('a playbook is read, with its defaults', () => {
  expect(parsePlaybook(good, 'playbook.yaml')).toEqual({
    otherwise: 'Other',
    language: 'en',
    segments: 2,
    service: {},
    requests: { stop: {}, start: {}, help: {}, person: {} },
    labels: {
      Late: { meaning: 'Comes later', words: ['late', '10 minutes'], templates: { en: 'Fine.', de: 'Gut.' } },
      Other: { meaning: 'Anything else', words: [], templates: null },
    },
  });
});

it('one template may serve all languages, and words stay words however YAML would read them', () => {
  const text =
    'language: fr\notherwise: A\nlabels:\n  A:\n    meaning: x\n    counts_as: yes\n    words: [yes, no, 1, 0x10, null, true, 1.50]\n    templates: Merci\n';
  expect(parsePlaybook(text, 'p').labels).toEqual({
    A: {
      meaning: 'x',
      countsAs: 'yes',
      words: ['yes', 'no', '1', '0x10', 'null', 'true', '1.50'],
      templates: { fr: 'Merci' },
    },
  });
});
