import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type LabelledText, readLabelledTexts } from '../../src/playbook/labelled-texts.js';
import { readPlaybook } from '../../src/playbook/read.js';
import { languagesOf } from '../../src/playbook/playbook.js';
import { compilePlaybook } from '../../src/playbook/compile.js';
import { segmentsOf } from '../../src/playbook/segments.js';
import { loadLanguages } from '../../src/rules/language.js';

const examples = new URL('../../examples/', import.meta.url);
const readLanguage = await loadLanguages();

/**
 * The least share of the texts that the rules must read right: of all, of those of a label, and of those that no word
 * was chosen by.
 */
const atLeast = { all: 0.9, eachLabel: 0.75, heldOut: 0.75 };

it('there are three', () => {
  expect(readdirSync(examples).sort()).toEqual(['appointment-reminder', 'shift-reply', 'survey']);
});

describe.each([
  {
    example: 'appointment-reminder',
    languages: ['en', 'es', 'fr'],
    opener: {
      en: 'Where are you located?',
      es: '¿Cuál es la dirección?',
      fr: 'Je voudrais reporter à la semaine prochaine',
    },
  },
  {
    example: 'shift-reply',
    languages: ['en', 'es'],
    opener: { en: 'What time does it start?', es: 'No puedo, lo siento' },
  },
  {
    example: 'survey',
    languages: ['en', 'de'],
    opener: { en: 'Can someone call me', de: 'Ich möchte mit jemandem sprechen' },
  },
])('the example $example', async ({ example, languages, opener }) => {
  const playbook = compilePlaybook(
    await readPlaybook(fileURLToPath(new URL(`${example}/playbook.yaml`, examples))),
    readLanguage,
  );
  const labels = Object.keys(playbook.labels);
  const { texts, heldOut } = await readLabelledTexts(fileURLToPath(new URL(`${example}/texts.yaml`, examples)), labels);
  const judge = (part: readonly LabelledText[]) =>
    part.map((one) => ({ ...one, given: playbook.labelByRules(one.text) }));
  const judged = { texts: judge(texts), held_out: judge(heldOut) };
  const all = [...judged.texts, ...judged.held_out];

  it('has at least 60 texts, some for each label in both parts, none twice', () => {
    expect(judged.texts.length).toBeGreaterThanOrEqual(60);
    expect(judged.held_out.length).toBeGreaterThanOrEqual(all.length / 4);
    for (const part of [texts, heldOut])
      expect([...new Set(part.map(({ label }) => label))].sort()).toEqual([...labels].sort());
    expect(new Set(all.map(({ text }) => text)).size).toBe(all.length);
  });

  it('is read right 9 times in 10, each label and the held-out texts 3 times in 4', () => {
    const shareOf = (rows: typeof all) => rows.filter(({ label, given }) => label === given).length / rows.length;
    const tell = (name: string, rows: typeof all) =>
      `${name} ${(shareOf(rows) * 100).toFixed(1)} % of ${String(rows.length)}`;
    console.log(
      `${example}: ${[tell('all', all), tell('texts', judged.texts), tell('held out', judged.held_out)].join(', ')}`,
    );
    expect(shareOf(all), missesOf(all)).toBeGreaterThanOrEqual(atLeast.all);
    expect(shareOf(judged.held_out), missesOf(judged.held_out)).toBeGreaterThanOrEqual(atLeast.heldOut);
    for (const label of labels) {
      const own = all.filter((row) => row.label === label);
      expect(shareOf(own), `${label}\n${missesOf(own)}`).toBeGreaterThanOrEqual(atLeast.eachLabel);
    }
  });

  it('has a template for each label in each of its languages, or silence, in at most two SMS and GSM-7', () => {
    expect(languagesOf(playbook).sort()).toEqual([...languages].sort());
    expect(Object.values(playbook.labels).some(({ templates }) => templates === null)).toBe(true);
    for (const [label, { templates }] of Object.entries(playbook.labels)) {
      if (templates === null) continue;
      expect(Object.keys(templates).sort(), label).toEqual([...languages].sort());
      for (const answer of Object.values(templates))
        expect(segmentsOf(answer), answer).toMatchObject({
          encoding: 'GSM-7',
          segments: expect.toSatisfy((count: number) => count <= 2),
        });
    }
  });

  it('labels the replies that its templates ask for', () => {
    const answers = Object.values(playbook.labels).flatMap((rule) => Object.values(rule.templates ?? {}));
    const offered = answers
      .flatMap((answer) => [
        ...answer.matchAll(/(?:reply|responde|responda|r[ée]pondez|antworten Sie) (\d|[A-Z]{2,}(?: [A-Z]{2,})*)/gu),
      ])
      .map(([, reply]) => reply ?? '');
    expect(offered.length).toBeGreaterThan(0);
    for (const reply of offered) expect(playbook.labelByRules(reply), reply).not.toBe(playbook.otherwise);
  });

  it.each(Object.entries(opener))('replies in %s to %j', (language, text) => {
    const label = playbook.labelByRules(text);
    expect(playbook.templateFor(text, label)).toBe(playbook.labels[label]?.templates?.[language]);
  });
});

function missesOf(rows: ReadonlyArray<{ text: string; label: string; given: string }>): string {
  return rows
    .filter(({ label, given }) => label !== given)
    .map(({ text, label, given }) => `${JSON.stringify(text)} is ${label}, rules say ${given}`)
    .join('\n');
}
