import { expect, it } from 'vitest';
import { LabelledTextsError, parseLabelledTexts } from '../../src/playbook/labelled-texts.js';

const parse = (text: string) => parseLabelledTexts(text, 'texts.yaml', ['Agree', 'Other']);

it('texts are words as they are written, with the labels that they should get', () => {
  expect(parse('texts:\n  Agree: [yes, 1, "ok, sure"]\n  Other:\n    - null\nheld_out:\n  Agree: [fine]\n')).toEqual({
    texts: [
      { text: 'yes', label: 'Agree' },
      { text: '1', label: 'Agree' },
      { text: 'ok, sure', label: 'Agree' },
      { text: 'null', label: 'Other' },
    ],
    heldOut: [{ text: 'fine', label: 'Agree' }],
  });
  expect(parse('texts: { Agree: [yes] }').heldOut).toEqual([]);
});

it.each([
  ['is empty', '', '1:1: expected a map with texts'],
  ['has no texts', 'held_out: { Agree: [a] }\n', '1:1: texts is missing: expected labels with texts'],
  ['has no label', 'texts: {}\n', '1:1: expected at least one label with texts'],
  ['has another key', 'texts: { Agree: [a] }\nmore: 1\n', '2:1: "more" is not known here: expected texts or held_out'],
  [
    'has a label that the playbook has not',
    'texts:\n  Agree: [a]\n  Agre: [b]\n',
    '3:3: the playbook has no label "Agre": expected Agree, Other',
  ],
  [
    'has such a label among the held-out texts',
    'texts:\n  Agree: [a]\nheld_out:\n  constructor: [b]\n',
    '4:3: the playbook has no label "constructor"',
  ],
  ['has a label without texts', 'texts:\n  Agree: []\n', '2:3: expected at least one text'],
  ['has one text for a list', 'texts:\n  Agree: yes\n', '2:10: expected a list of texts, each after a dash'],
  ['has a text without words', 'texts:\n  Agree:\n    - " "\n', '3:7: expected a text'],
  [
    'has a text under two labels',
    'texts:\n  Agree: [a]\nheld_out:\n  Other:\n    - b\n    - a\n',
    '6:7: "a" is already a text of Agree: expected each text once',
  ],
  ['is not YAML', 'texts: [\n', 'not YAML'],
])('a file that %s is refused, with the place of the mistake', (_, text, mistake) => {
  const read = () => parse(text);
  expect(read).toThrow(LabelledTextsError);
  expect(read).toThrow(mistake.startsWith('not') ? mistake : `texts.yaml:${mistake}`);
});
