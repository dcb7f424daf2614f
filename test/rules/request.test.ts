import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isYes, requestIn } from '../../src/rules/request.js';
import { claimOf } from '../../src/rules/request-keyword.js';
import { readText } from '../../src/rules/request-words.js';

const kindOf = (text: string) => requestIn(text)?.kind;

describe('a keyword is the whole message', () => {
  /** What carriers, laws and vendors name, and what is in several public lists, with the language that it is taken for. */
  const stop: ReadonlyArray<readonly [language: string, words: string]> = [
    [
      'en',
      'stop, stopall, stop all, unsubscribe, cancel, end, quit, optout, opt out, opt-out, revoke, unsub, remove, TD',
    ],
    ['fr', 'arret, arrêt, arrêtez, désabonner, stop svp, stop sms, annuler, fin'],
    ['es', 'alto, baja, darme de baja, parar, pare, cancelar, no más, salir'],
    ['pt', 'sair, descadastrar, remover'],
    ['de', 'stopp, abmelden, abbestellen'],
    ['it', 'basta, disiscrivi, cancellami, annulla iscrizione'],
    ['no', 'stopp'],
    ['pl', 'wypisz, rezygnuję'],
    ['tr', 'dur, iptal abonelik'],
    ['ru', 'стоп, отписаться'],
    ['el', 'στοπ, διακοπή'],
    ['ar', 'توقف, إلغاء'],
    ['he', 'הסר, תפסיק'],
    ['zh', '退订, 停止'],
    ['ja', '停止, 配信停止'],
    ['ko', '수신거부, 중지'],
    ['vi', 'dừng, ngừng'],
    ['hi', 'बंद करो, रोको'],
  ];
  const others = {
    help: 'help, info, aide, ayuda, ajuda, hilfe, aiuto, hjelp',
    start: 'start, unstop',
    person: 'agent, human, operator, conseiller, agente, Mensch, Mitarbeiter, operatore',
  };
  const each = (list: string) => list.split(', ');

  it.each(stop.flatMap(([language, words]) => each(words).map((word) => [language, word])))(
    '%s: "%s" opts out, in any spelling',
    (_, word) => {
      for (const text of [word, word.toUpperCase(), ` ${word}!! `, `"${word}"`, `🛑 ${word} 🙏🏽`, `«${word}»\n`])
        expect(kindOf(text), text).toBe('opt-out');
      expect(kindOf(word.normalize('NFD'))).toBe('opt-out');
    },
  );

  it.each(Object.entries(others).flatMap(([kind, words]) => each(words).map((word) => [word, kind])))(
    '"%s" asks for %s',
    (word, kind) => {
      expect(kindOf(word)).toBe(kind);
      expect(kindOf(`${word.toUpperCase()}.`)).toBe(kind);
    },
  );

  it.each([
    ['STOP', 'en'],
    ['STOP svp', 'fr'],
    ['stop, por favor', 'es'],
    ['Bitte abmelden', 'de'],
    ['стоп', 'ru'],
  ])('"%s" is of the language %s', (text, language) => {
    expect(requestIn(text)).toEqual({ kind: 'opt-out', language, words: text });
  });

  it.each(['STOOOOP', 'S T O P', 'stop stop stop', 'ＳＴＯＰ', 'Ⓢⓣⓞⓟ', '1. stop', 'Please stop.', '🛑'])(
    '%s is STOP too',
    (text) => {
      expect(kindOf(text)).toBe('opt-out');
    },
  );

  it.each(['no', 'No.', 'nein', 'non', 'não', 'STOP 12345', 'nonstop', '', '👍', '123', '?'])('%j is none', (text) => {
    expect(requestIn(text)).toBeUndefined();
  });
});

describe('a playbook', () => {
  const claimed = new Set(['Salir', 'basta!', 'agent', 'STOP', 'Alto'].map(claimOf));

  it.each(['salir', 'Salir por favor', 'BASTA', 'agent'])('can claim the common word %j', (text) => {
    expect(requestIn(text)).toBeDefined();
    expect(requestIn(text, claimed)?.kind).not.toBe('opt-out');
    expect(requestIn(text, claimed)?.kind).not.toBe('person');
  });

  it.each(['stop', 'ALTO', 'no me manden más mensajes, basta'])('can not claim %j', (text) => {
    expect(requestIn(text, claimed)?.kind).toBe('opt-out');
  });
});

it.each(['yes', 'YES!', 'Sí', 'oui', 'sim', 'ja', 'はい'])(
  '%j opts in while opted out, and asks for nothing',
  (text) => {
    expect(isYes(text)).toBe(true);
    expect(requestIn(text)).toBeUndefined();
  },
);

it.each(['no', 'yes I will come', 'STOP', ''])('%j does not opt in', (text) => {
  expect(isYes(text)).toBe(false);
});

describe('a phrase', () => {
  it.each([
    ['Hi, I moved away. Please take me off your list, thanks', 'opt-out', 'take me off your list'],
    ['stop texting me', 'opt-out', 'stop texting me'],
    ['STOP SENDING ME THESE MESSAGES!!!', 'opt-out', 'STOP SENDING ME THESE MESSAGES'],
    ['Borren mi número, ¡ya!', 'opt-out', 'Borren mi número'],
    ['Leave me alone', 'peace', 'Leave me alone'],
    ['Can I talk to a human?', 'person', 'Can I talk to a human'],
    ['I typed STOP by mistake', 'start', 'typed STOP by mistake'],
    ['Hello, who are you with?', 'help', 'who are you with'],
  ])('"%s" asks for %s, by the words "%s"', (text, kind, words) => {
    expect(requestIn(text)).toMatchObject({ kind, words });
  });

  it.each([
    'we must stop this bill',
    'cancel my order',
    'stop the pain',
    "please don't stop texting me",
    'should I reply STOP if I want out?',
    'why did you stop texting me?',
    'no calls, only texts',
    'take my name off the waiting list for the gym class',
    'no me manden más facturas duplicadas',
    "don't text me after 9pm",
    'only one reminder please',
    'I have a new number. Delete my number and use this one',
    'non mi scrivete più?',
  ])('"%s" is none', (text) => {
    expect(requestIn(text)).toBeUndefined();
  });
});

describe('a long text', () => {
  const story = 'We had a lovely time at the lake and the weather was fine. '.repeat(12);

  it('asks by its first or last sentence', () => {
    expect(kindOf(`Stop texting me. ${story}`)).toBe('opt-out');
    expect(requestIn(`${story}Stop texting me`)).toMatchObject({ kind: 'opt-out', words: 'Stop texting me' });
    expect(kindOf(`${story}Stop texting me. ${story}`)).toBeUndefined();
  });

  it('asks for nothing in a sentence of more than 240 characters', () => {
    expect(kindOf(`${'and then we went to the lake '.repeat(20)} stop texting me`)).toBeUndefined();
  });

  it.each(['stop texting me ', 'stop stop ', 'no more ', 'a', '?', '🛑', 'ﷺ', 'por favor ', "don't "])(
    'of %j takes no more work than a short one',
    (part) => {
      const { sentences } = readText(part.repeat(40_000 / part.length));
      expect(sentences.flat().length).toBeLessThan(600);
    },
  );

  it('of 40,000 characters is not read in quadratic time, which would take many seconds', () => {
    const text = 'stop sending me any more of your text messages please and thank you '.repeat(600).slice(0, 40_000);
    const startedAt = performance.now();
    requestIn(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('the texts that the words were written by', () => {
  const sections = ['opt-out', 'help', 'start', 'person', 'near-miss', 'plain'] as const;
  const asksForNothing = new Set<string>(['near-miss', 'plain']);
  const texts = ['en', 'es', 'fr', 'pt', 'de', 'it'].map((language) => {
    const file = readFileSync(new URL(`requests/learn/${language}.yaml`, import.meta.url), 'utf8');
    return [language, z.record(z.enum(sections), z.array(z.string())).parse(parse(file))] as const;
  });

  it.each(texts)('%s: at least nine of ten opt-outs are found, and none is wrong', (language, labelled) => {
    const counts = new Map(sections.map((section) => [section, countKinds(labelled[section])]));
    console.log(language, JSON.stringify(Object.fromEntries(counts)));
    const found = counts.get('opt-out')?.['opt-out'] ?? 0;
    expect(found / labelled['opt-out'].length).toBeGreaterThanOrEqual(0.9);
    const wrong = sections
      .filter((section) => section !== 'opt-out')
      .flatMap((section) => labelled[section].filter((text) => kindOf(text) === 'opt-out'));
    expect(wrong).toEqual([]);
  });

  it('bound how often a text that asks for nothing opts out', () => {
    const nothing = texts.flatMap(([, labelled]) =>
      sections.filter((section) => asksForNothing.has(section)).flatMap((section) => labelled[section]),
    );
    const wrong = nothing.filter((text) => kindOf(text) === 'opt-out').length;
    // Clopper-Pearson for no error at all, one-sided; the rule of three says nearly the same.
    const upTo = 1 - 0.05 ** (1 / nothing.length);
    console.log(
      `false opt-outs: ${wrong} of ${nothing.length}, with 95 % confidence at most ${(upTo * 100).toFixed(2)} %`,
    );
    expect(wrong).toBe(0);
    expect(nothing.length).toBeGreaterThan(1_400);
  });

  function countKinds(labelled: readonly string[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const text of labelled) counts[kindOf(text) ?? 'none'] = (counts[kindOf(text) ?? 'none'] ?? 0) + 1;
    return counts;
  }
});
