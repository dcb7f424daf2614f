import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexicon } from '../../src/rules/lexicon.js';
import { fold } from '../../src/rules/normalize.js';
import type { Label } from '../../src/domain/decision.js';
import { defaultPlaybook } from '../helpers/playbook.js';
import { labelledTexts } from './labelled-texts.js';

const classifyByRules = (text: string) => defaultPlaybook.labelByRules(text);

const labels: readonly Label[] = ['Agree', 'Disagree', 'Neutral'];
const judged = labelledTexts.map(([text, label]) => ({ text, label, given: classifyByRules(text) }));
const misses = judged
  .filter(({ label, given }) => given !== label)
  .map(({ text, label, given }) => `${JSON.stringify(text)} is ${label}, rules say ${given}`)
  .join('\n');

function accuracy(of: readonly Label[]): number {
  const asked = judged.filter(({ label }) => of.includes(label));
  return asked.filter(({ label, given }) => given === label).length / asked.length;
}

describe('the labelled texts', () => {
  it('are at least 200 texts, at least 50 of each label, none twice', () => {
    expect(labelledTexts.length).toBeGreaterThanOrEqual(200);
    for (const label of labels)
      expect(labelledTexts.filter((row) => row[1] === label).length).toBeGreaterThanOrEqual(50);
    expect(new Set(labelledTexts.map(([text]) => text)).size).toBe(labelledTexts.length);
  });

  it('are read right 95 times in 100, and each label 90 times in 100', () => {
    const perLabel = labels.map((label) => [label, accuracy([label])] as const);
    const report = [['all', accuracy(labels)] as const, ...perLabel].map(
      ([name, share]) => `${name} ${(share * 100).toFixed(1)} %`,
    );
    console.log(`rules, ${String(judged.length)} texts: ${report.join(', ')}`);
    expect(accuracy(labels), misses).toBeGreaterThanOrEqual(0.95);
    for (const [label, share] of perLabel) expect(share, `${label}\n${misses}`).toBeGreaterThanOrEqual(0.9);
  });

  it('of more than three words are not in the lexicon word for word', () => {
    const texts = labelledTexts.map(([text]) => (fold(text).match(/[\p{L}\p{N}%]+/gu) ?? []).join(' '));
    expect(texts.filter((text) => text.split(' ').length > 3 && lexicon().kinds.has(text))).toEqual([]);
  });
});

describe('a negation', () => {
  it.each([
    ["I don't support it", 'Disagree'],
    ["I don't think I would ever support it", 'Disagree'],
    ["I don't oppose it", 'Agree'],
    ['No objections', 'Agree'],
    ['No, I have objections', 'Disagree'],
    ["I wouldn't miss it", 'Agree'],
    ["I can't open the link", 'Neutral'],
  ] as const)('changes what %j says: %s', (text, label) => {
    expect(classifyByRules(text)).toBe(label);
  });
});

describe('a text with two meanings', () => {
  it.each([
    ['Yes. Actually, no.', 'Disagree'],
    ['no wait, yes', 'Agree'],
    ['yes but no', 'Neutral'],
    ["I'd love to, but I can't", 'Disagree'],
    ["It isn't cheap, but I'm in", 'Agree'],
    ['yes, when?', 'Agree'],
    ['yes?', 'Neutral'],
    ['yes, please stop', 'Disagree'],
  ] as const)('%j is %s', (text, label) => {
    expect(classifyByRules(text)).toBe(label);
  });
});

describe('any text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc
      .array(
        fc.constantFrom('yes', 'no', 'not', 'but', 'maybe', "don't", 'agree', 'sí', 'ß', '👍🏽', '?', ',', ' ', '\n'),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(' ')),
  );

  it('gets one of the three labels, whatever its case and the white space around it', () => {
    fc.assert(
      fc.property(anyText, fc.stringMatching(/^[ \t\r\n]*$/), (text, space) => {
        const label = classifyByRules(text);
        expect(labels).toContain(label);
        expect(classifyByRules(text.toUpperCase())).toBe(label);
        expect(classifyByRules(text.toLowerCase())).toBe(label);
        expect(classifyByRules(space + text + space)).toBe(label);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['yes ', 'a', 'not ', 'a,', '👍', 'no problem but ', '? ', 'é', 'yeeees', '-'])(
    'of 40,000 characters made of %j is not read in quadratic time, which would take many seconds',
    (part) => {
      const text = part.repeat(Math.ceil(40_000 / part.length)).slice(0, 40_000);
      const startedAt = performance.now();
      classifyByRules(text);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    },
  );
});
