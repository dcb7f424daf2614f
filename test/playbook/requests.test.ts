import { describe, expect, it } from 'vitest';
import { compilePlaybook } from '../../src/playbook/compile.js';
import { defaultPlaybookFile } from '../../src/playbook/files.js';
import { readPlaybook } from '../../src/playbook/read.js';
import { parsePlaybook } from '../../src/playbook/parse.js';
import { requestNames } from '../../src/playbook/playbook.js';
import { requestTextsOf } from '../../src/playbook/requests.js';
import { segmentsOf } from '../../src/playbook/segments.js';
import { good } from './good-playbook.js';

const builtIn = await readPlaybook(defaultPlaybookFile);
const languages = ['en', 'es', 'fr', 'pt', 'de', 'it'];

const read = (lines: string) => parsePlaybook(`${lines}\n${good}`, 'playbook.yaml', builtIn);
const compile = (lines: string) => compilePlaybook(read(lines));

const allTextsOf = (playbook: typeof builtIn) =>
  requestNames.flatMap((request) =>
    [...requestTextsOf(playbook)[request]].map(([language, text]) => ({ request, language, text })),
  );

describe('the built-in texts', () => {
  const unnamed = compile('');

  it('are there for each request, in six languages', () => {
    for (const request of requestNames) expect(Object.keys(builtIn.requests[request])).toEqual(languages);
    expect(Object.keys(builtIn.service)).toEqual(languages);
  });

  it.each([
    ['without a name', ''],
    ['with a short name', 'service: Rosa'],
    ['with the longest name', `service: ${'x'.repeat(60)}`],
  ])('take one SMS each, in GSM-7, %s', (_, lines) => {
    const texts = allTextsOf(read(lines));
    expect(texts).toHaveLength(24);
    for (const { text } of texts) expect(segmentsOf(text), text).toMatchObject({ segments: 1, encoding: 'GSM-7' });
  });

  it.each(languages)('name the service in the replies to STOP, START and HELP: %s', (language) => {
    const named = compile('service: Cafe Rosa');
    for (const request of ['stop', 'start', 'help'] as const) {
      expect(named.requestTemplate(request, language)).toContain('Cafe Rosa');
      expect(unnamed.requestTemplate(request, language)).toContain(builtIn.service[language]);
    }
    for (const { text } of [...allTextsOf(named), ...allTextsOf(unnamed)]) expect(text).not.toMatch(/[{}]/);
  });

  it.each(languages)('say how to come back, how to stop, and how to reach a person: %s', (language) => {
    expect(unnamed.requestTemplate('stop', language)).toContain('START');
    expect(unnamed.requestTemplate('start', language)).toContain('STOP');
    expect(unnamed.requestTemplate('help', language)).toMatch(
      /(?=.*STOP)(?=.*(PERSON|PERSONA|HUMAIN|PESSOA|MENSCH|OPERATORE)\b)/,
    );
  });
});

describe('the reply to a request', () => {
  const russian = 'requests:\n  stop: { ru: Всё }\n  start: { it: Di nuovo }';
  it.each([
    ['in its language', 'requests:\n  stop: { en: Bye, fr: Adieu }', 'stop', 'fr', 'Adieu'],
    ['built in, in a language that the playbook leaves out', 'requests:\n  person: Hold on', 'person', 'de', /^Danke/],
    ['built in, for a request that the playbook leaves out', 'requests:\n  stop: Bye', 'start', 'en', /^Texts/],
    ["else in the playbook's language", 'requests:\n  stop: Bye', 'stop', 'ja', 'Bye'],
    ["a single text is in the playbook's language", 'language: de\nrequests:\n  stop: Ende', 'stop', 'de', 'Ende'],
    ["built in, in the playbook's language", 'language: de', 'stop', 'ja', /^Erledigt: diese Nummer/],
    ['in a language that only the playbook has', russian, 'stop', 'ru', 'Всё'],
    ['else in English', `language: ru\n${russian}`, 'start', 'ru', /^Texts and replies from this number/],
    ['not what every object has', 'requests:\n  stop: Bye', 'stop', 'constructor', 'Bye'],
    ['for no language', 'requests:\n  stop: Bye', 'stop', '', 'Bye'],
  ] as const)('%s', (_, lines, request, language, expected) => {
    const text = `${lines}\n${good.replace('de: Gut.', 'de: Gut.\n      ru: Хорошо.')}`;
    const reply = compilePlaybook(parsePlaybook(text, 'playbook.yaml', builtIn)).requestTemplate(request, language);
    if (typeof expected === 'string') expect(reply).toBe(expected);
    else expect(reply).toMatch(expected);
  });
});

describe('the name of the service', () => {
  it('stands wherever the text says {service}, as it is written', () => {
    const playbook = compile('service: "A $& {service} B"\nrequests:\n  stop: "{service}, {service}"');
    expect(playbook.requestTemplate('stop', 'en')).toBe('A $& {service} B, A $& {service} B');
  });

  it("may be one for each language; other languages have the one of the playbook's language", () => {
    const playbook = compile(
      'service: { en: Clinic, fr: Clinique }\nrequests:\n  help: { en: "{service}!", ru: "{service}?" }',
    );
    expect(playbook.requestTemplate('help', 'en')).toBe('Clinic!');
    expect(playbook.requestTemplate('help', 'ru')).toBe('Clinic?');
    expect(playbook.requestTemplate('stop', 'fr')).toContain('Clinique');
    expect(playbook.requestTemplate('stop', 'es')).toContain('Clinic ');
  });
});

it('the words of all labels are claimed, folded', () => {
  const text = good.replace('silence: true', 'words: [CANCEL!, Arrêt]\n    silence: true');
  const { claimedWords } = compilePlaybook(parsePlaybook(text, 'playbook.yaml', builtIn));
  expect([...claimedWords]).toEqual(['late', '10 minutes', 'cancel', 'aret']);
});
