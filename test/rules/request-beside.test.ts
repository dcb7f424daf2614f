import { describe, expect, it } from 'vitest';
import { requestIn } from '../../src/rules/request.js';

const kindOf = (text: string) => requestIn(text)?.kind;

describe('a keyword is the whole message', () => {
  it('of any number of words, where it is only repeated', () => {
    expect(kindOf('STOP '.repeat(13))).toBe('opt-out');
    expect(kindOf('please stop now '.repeat(30))).toBe('opt-out');
  });

  it.each([
    ['en', 'STOP\n\nSent from my iPhone'],
    ['es', 'Baja\nEnviado desde mi iPhone'],
    ['es', 'Baja\nSent from my Samsung Galaxy'],
    ['fr', 'Arrêtez\n\nEnvoyé de mon iPhone'],
    ['de', 'Abmelden\n\nVon meinem iPhone gesendet'],
    ['it', 'Disiscrivi\n\nInviato da iPhone'],
    ['pt', 'Descadastrar\n\nEnviado do meu iPhone'],
  ])('%s: %j has the signature of a phone', (language, text) => {
    expect(requestIn(text)).toMatchObject({ kind: 'opt-out', language });
  });
});

describe('STOP beside something else', () => {
  it.each([
    [
      'en',
      'Who is this? STOP',
      'STOP. Who is this?',
      'What is this? Stop.',
      'who is this stop',
      'Who is this? Please stop.',
    ],
    [
      'en',
      'How did you get my number? STOP',
      'Do not reply. STOP',
      'I said stop',
      'I told you to stop',
      'I said stop, ok?',
    ],
    ['es', '¿Quién es? Baja', '¿Cómo consiguieron mi número? ALTO', 'No respondan. Baja', 'Ya les dije que paren'],
    [
      'fr',
      'Qui est-ce ? STOP',
      'Où avez-vous eu mon numéro ? STOP',
      'Ne répondez pas. Stop',
      "Je vous ai dit d'arrêter",
    ],
    [
      'de',
      'Wer ist das? STOP',
      'Woher habt ihr meine Nummer? Stopp',
      'Nicht antworten. Stopp',
      'Ich habe stopp gesagt',
    ],
    ['it', 'Chi è? STOP', 'Come avete avuto il mio numero? Basta', 'Non rispondete. Stop', 'Vi ho detto di smettere'],
    ['pt', 'Quem é? PARAR', 'Como conseguiram meu número? Sair', 'Não respondam. Parem', 'Eu disse para parar'],
  ])('opts out where that asks who writes, or asks again: %s', (language, ...texts) => {
    for (const text of texts) expect(requestIn(text), text).toMatchObject({ kind: 'opt-out', language });
  });

  it.each(['STOP. David', 'Stop - David', 'Please stop. David Smith', 'STOP\nMaría', 'STOP. Hammer time'])(
    '%j may be a signature, and is left to a person',
    (text) => {
      expect(kindOf(text)).toBe('peace');
    },
  );

  it.each([
    ['Who is this?', 'help'],
    ['What are the commands? STOP, HELP', 'help'],
    ['STOP - 12345', undefined],
    ['stop by later', undefined],
    ['I said stop, but he went on', undefined],
    ['I told him to stop', undefined],
    ['Stop. We will be there at nine', undefined],
  ])('%j is %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});
