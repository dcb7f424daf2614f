import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePlaybook } from '../../src/playbook/compile.js';
import { createPhraseFinder } from '../../src/rules/find-phrases.js';
import { phraseOf } from '../../src/rules/normalize.js';
import { defaultPlaybook } from '../helpers/playbook.js';

const findIn = createPhraseFinder(
  new Map([
    ['Late', ['late', 'running behind', 'stuck in traffic', '10 minutes']],
    ['Missed', ['too late', 'late for good', 'not coming']],
    ['Sick', ['sick', 'confirmation of illness']],
    ['Two', ['2', 'B']],
    ['Ten', ['10/10']],
    ['Thanks', ['thanks']],
    ['Thumb', ['👍']],
  ]),
);
const found = (text: string) => [...findIn(text).found].sort();
const denied = (text: string) => [...findIn(text).denied].sort();

describe('a word is found', () => {
  it.each([
    ['whole', "I'm late", ['Late']],
    ['not inside another', 'I ate chocolate, the latest', []],
    ['whatever its case, accents and punctuation', 'LÀTE!!!', ['Late']],
    ['beside others', 'sick and late', ['Late', 'Sick']],
    ['when it is an emoji of another skin tone', '👍🏽', ['Thumb']],
    ['never in an empty text', ' ?! ', []],
  ])('%s: %j', (_, text, names) => {
    expect(found(text)).toEqual(names);
  });
});

describe('a phrase is found', () => {
  it.each([
    ['with its words in a row', 'sorry, running behind today', ['Late']],
    ['not with its words apart', 'behind on my running', []],
    ['not across punctuation it has not', 'I was running. Behind me a dog', []],
    ['with the punctuation it has', '10/10!', ['Ten']],
    ['and hides a shorter one inside it', 'it is too late', ['Missed']],
    ['and hides a shorter one that begins it', 'late for good', ['Missed']],
    ['though it begins with a negation', "sorry, I'm not coming", ['Missed']],
  ])('%s: %j', (_, text, names) => {
    expect(found(text)).toEqual(names);
  });
});

describe('a negation', () => {
  it.each([
    "I'm not late",
    'I will not be late',
    'never late',
    "I don't think I'm late",
    'no estoy late',
    'je ne suis pas late',
    'ich bin nicht late',
    'not at all late',
  ])('denies the word after it: %j', (text) => {
    expect(found(text)).toEqual([]);
    expect(denied(text)).toEqual(['Late']);
  });

  it.each([
    "can't today I'm late",
    'not sick but late',
    'no, late',
    "I can't find a place to park, late",
    "I don't know because late",
    'we are not many here today and late',
  ])('reaches no further than three words, its clause and its comma: %j', (text) => {
    expect(found(text)).toEqual(['Late']);
  });

  it('inside a phrase that was found denies nothing else', () => {
    expect(found('not coming sick')).toEqual(['Missed', 'Sick']);
  });

  it('that is a refusal with its word is no denial', () => {
    expect(findIn('no thanks')).toEqual({ found: new Set(), denied: new Set() });
  });
});

describe('a letter or digit that offers a choice', () => {
  it.each([
    ['2', ['Two']],
    ['"b"', ['Two']],
    ['2 please', ['Two']],
    ['2, thank you!', ['Two']],
    ['we are 2 people and 1 dog', []],
    ['I live in flat B now', []],
    ['22', []],
  ])('counts in a text of three words or fewer: %j', (text, names) => {
    expect(found(text)).toEqual(names);
  });
});

describe('a misspelt word', () => {
  it.each([
    ['with a letter missing', 'stuck in trafic', ['Late']],
    ['with a letter more', 'stuck in trafffic', ['Late']],
    ['with a wrong letter', 'confirmatiom of illness', ['Sick']],
    ['with two letters swapped', 'runnign behind', ['Late']],
    ['with two letters wrong', 'stuck in traphic', []],
    ['with its first letter wrong', 'stuck in draffic', []],
    ['of four letters', 'lade', []],
  ])('%s: %j', (_, text, names) => {
    expect(found(text)).toEqual(names);
  });

  it('is not a word that the rules know', () => {
    const find = createPhraseFinder(new Map([['Price', ['prize']]]));
    expect(find('the price').found.size).toBe(0);
    expect(find('the prizze').found.size).toBe(1);
  });
});

describe('of several labels', () => {
  const label = (meaning: string, words: string[], countsAs?: 'yes' | 'no') => ({
    meaning,
    words,
    templates: null,
    ...(countsAs && { countsAs }),
  });
  const playbook = (labels: Record<string, ReturnType<typeof label>>) =>
    compilePlaybook({
      ...defaultPlaybook,
      otherwise: 'Other',
      language: 'en',
      segments: 2,
      labels: { ...labels, Other: label('else', []) },
    });
  const late = label('late', ['late']);
  const no = label('no', ['not coming'], 'no');
  const yes = label('yes', ['be there'], 'yes');

  it('the first label of the file wins, wherever its word is', () => {
    expect(playbook({ Late: late, Sick: label('sick', ['sick']) }).labelByRules('sick and late')).toBe('Late');
    expect(playbook({ Sick: label('sick', ['sick']), Late: late }).labelByRules('sick and late')).toBe('Sick');
    expect(playbook({ No: no, Late: late }).labelByRules("No, I'm late")).toBe('No');
    expect(playbook({ Late: late, No: no }).labelByRules("No, I'm late")).toBe('Late');
  });

  it('the otherwise label is what is left', () => {
    expect(playbook({ Late: late }).labelByRules('yes')).toBe('Other');
  });

  it.each([
    ["I won't be late", 'Other'],
    ["I won't be there", 'No'],
    ["I'm not coming", 'No'],
    ['no', 'No'],
    ['No. Never.', 'No'],
    ["I'll be there, I won't be late", 'Yes'],
  ])('a negation of a word is no refusal: %j is %s', (text, expected) => {
    expect(playbook({ Late: late, No: no, Yes: yes }).labelByRules(text)).toBe(expected);
  });
});

it('a phrase is found in itself, and any text is searched without an error', () => {
  const word = fc.stringMatching(/^[a-z]{3,9}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.string({ unit: 'binary' }), (words, text) => {
      const find = createPhraseFinder(new Map([['It', [words.join(' ')]]]));
      expect(phraseOf(words.join(' '))).toEqual(words);
      expect(find(words.join(' ')).found.has('It')).toBe(true);
      find(text);
    }),
    { numRuns: 500 },
  );
});

describe('25,000 phrases, all with one first letter', () => {
  const inBase36 = (index: number) => (index * 67).toString(36).padStart(4, '0');
  const longText = (word: (index: number) => string) =>
    Array.from({ length: 5_000 }, (_, index) => word(index))
      .join(' ')
      .slice(0, 40_000);

  /** How many look-ups and comparisons there are for each word of the text that is read. */
  function comparisonsPerWord(phrases: string[], text: string): number {
    let compared = 0;
    const find = createPhraseFinder(new Map([['It', phrases]]), () => compared++);
    find(text);
    return compared / phraseOf(text).length;
  }

  it.each([
    ['words of one length', 'words of the list', 'late#', 'late#'],
    ['words of one length', 'misspelt words', 'late#', 'laate#'],
    ['phrases with one first word', 'such phrases', 'latest # minutes', 'latest # minutes'],
    ['phrases with one first word', 'the first word only', 'latest # minutes', 'latest'],
  ])('%s: a word of a text of %s costs at most 20 comparisons', (_, __, phrase, written) => {
    const phrases = Array.from({ length: 25_000 }, (___, index) => phrase.replace('#', inBase36(index)));
    const text = longText((index) => written.replace('#', inBase36(index)));
    expect(comparisonsPerWord(phrases, text)).toBeGreaterThan(0);
    expect(comparisonsPerWord(phrases, text)).toBeLessThanOrEqual(20);
  });
});
