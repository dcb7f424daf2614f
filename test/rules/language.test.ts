import { describe, expect, it } from 'vitest';
import { loadLanguages } from '../../src/rules/language.js';

const readLanguage = await loadLanguages();
const among = ['en', 'fr', 'es', 'de'];

const texts = {
  en: [
    'Yes',
    "I don't agree",
    'sounds good',
    'Yes, a secret affair',
    'What time does it start?',
    "can't come, I'm sick",
    'Thanks, see you tomorrow',
    'Where is the entrance to the building?',
    'I would like to speak to someone about my bill',
    'Running late, sorry',
    'My daughter has a fever so I need to stay home',
  ],
  fr: [
    'Oui',
    "Je ne suis pas d'accord",
    'bien sûr',
    'Merci beaucoup',
    'Je voudrais reporter à la semaine prochaine',
    "J'arrive dans dix minutes",
    "C'est à quelle adresse ?",
    'Je ne peux pas venir demain',
    'avec plaisir',
    'Bonjour, le médecin a changé mon traitement la semaine dernière',
  ],
  es: [
    'Sí, claro',
    'No estoy de acuerdo',
    'gracias',
    'No puedo, lo siento',
    '¿A qué hora empieza?',
    'llego diez minutos tarde',
    'Quiero cambiar la cita para el viernes',
    'ahí estaré',
    '¿Cuál es la dirección?',
    'Mi hija tiene fiebre y no puedo trabajar hoy',
  ],
  de: [
    'Ich möchte bitte mit jemandem sprechen',
    'Können Sie mich bitte anrufen?',
    'Das Zimmer war schmutzig',
    'Wir mussten eine Stunde warten',
    'Ich war noch gar nicht da',
    'Sehr zufrieden, vielen Dank',
    'Leider kann ich morgen nicht kommen',
    'Wann fängt die Veranstaltung an?',
  ],
};
const rows = Object.entries(texts).flatMap(([language, those]) => those.map((text) => ({ language, text })));

describe('a text of a few words', () => {
  it.each(rows)('$text: $language', ({ text, language }) => {
    expect(readLanguage(text, among)).toBe(language);
  });

  it('is not taken for a language that the playbook lacks', () => {
    for (const { text } of rows) expect(['en', 'de', undefined]).toContain(readLanguage(text, ['en', 'de']));
  });
});

it.each(['', '?', '1', '👍', '555 0142', 'asdf', 'Rosa', 'Luis', 'hotel', 'Berlin', 'こんにちは', 'Спасибо большое'])(
  '%j has no language that can be detected',
  (text) => {
    expect(readLanguage(text, among)).toBeUndefined();
  },
);

it('unknown words count for no language', () => {
  expect(readLanguage('asdf', ['en', 'it'])).toBeUndefined();
  expect(readLanguage('Yes, Brzezinski Xylander', ['it', 'en'])).toBe('en');
});

it('the beginning of a long text decides its language', () => {
  expect(
    readLanguage('Je ne peux pas venir demain. '.repeat(40) + 'I would like to come tomorrow. '.repeat(1_000), among),
  ).toBe('fr');
});
