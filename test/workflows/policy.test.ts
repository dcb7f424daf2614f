import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/message.js';
import { decide } from '../../src/workflows/policy.js';

const number = '+15550001234';
const agree: Verdict = { label: 'Agree', by: 'rules', parkMs: 1_000, answer: 'Thank you' };
const reply = { kind: 'reply', text: 'Thank you' };
const silent = (reason: string) => ({ kind: 'silent', reason });

describe('a message is answered', () => {
  test.each(['Agree', 'Disagree', 'Neutral'] as const)('with the answer to its label, whatever the label: %s', (label) => {
    for (const by of ['rules', 'openai'] as const) {
      expect(decide({ number, text: 'Well' }, { label, by, parkMs: 1_000, answer: `About ${label}` })).toEqual({ kind: 'reply', text: `About ${label}` });
    }
  });

  test.each(['+15550001234', '15550001234', '+1 (555) 000-1234', '555.000.1234', '00 44 7700 900123', '5550123', '+49\u00a0170\u00a01234567'])(
    'when it comes from a number in any notation: %s',
    (from) => {
      expect(decide({ number: from, text: 'Yes' }, agree)).toEqual(reply);
    },
  );

  test.each([
    'We must STOP this bill',
    'stop it please',
    "don't stop",
    'Stop. I said yes.',
    'Yes, to the end',
    'I quit smoking',
    'cancel my order',
    'nonstop',
    'stopp',
    'S T O P',
    'стоп',
    '',
    '🛑',
    '123',
    `stop ${'stop '.repeat(40)}`,
  ])('when it only holds a word that would opt out: %j', (text) => {
    expect(decide({ number, text }, agree)).toEqual(reply);
  });
});

describe('a message is met with silence', () => {
  test.each(['auto-reply-disabled', 'no-answer-for-label'] as const)('when the verdict has no answer: %s', (silence) => {
    const verdict: Verdict = { label: 'Agree', by: 'openai', parkMs: 1_000, answer: null, silence };
    for (const [from, text] of [[number, 'Yes'], ['MPESA', 'STOP']] as const) {
      expect(decide({ number: from, text }, verdict)).toEqual(silent(silence));
    }
  });

  test.each(['12345', '123456', '+123456', '12-34-56', '(40)404', '1'])('when it comes from a short code: %s', (from) => {
    expect(decide({ number: from, text: 'Yes' }, agree)).toEqual(silent('sender-cannot-be-answered'));
  });

  test.each(['MPESA', 'AX-HDFCBK', 'Bank24x7', '1-800-FLOWERS', 'a@b.example', '+1555000123x', '１５５５０００１２３４', ' ', '+', '-.-'])(
    'when it comes from a name: %j',
    (from) => {
      expect(decide({ number: from, text: 'Yes' }, agree)).toEqual(silent('sender-cannot-be-answered'));
    },
  );

  test.each([
    ...['stop', 'STOP', 'Stop', 'StopAll', 'stop all', 'UNSUBSCRIBE', 'Cancel', 'END', 'quit', 'opt out', 'OptOut', 'opt-out', 'REVOKE', 'arret', 'Arrêt', 'ARRÊT'],
    ...['STOP.', ' stop ', 'stop!!!', '"STOP"', '🛑 stop 🛑', 'Stop 🙏🏽', '¡stop!', 'stop\n', '*Stop*', 'opt  \n out', '(opt-out)', '1. stop'],
    `STOP${'!'.repeat(100)}`,
    'Arrêt'.normalize('NFD'),
    'ＳＴＯＰ',
  ])('when it is nothing but a word that opts out: %j', (text) => {
    expect(decide({ number, text }, agree)).toEqual(silent('opted-out'));
  });
});

describe('a decision', () => {
  const verdicts: fc.Arbitrary<Verdict> = fc
    .record({ parkMs: fc.nat(), label: fc.constantFrom('Agree', 'Disagree', 'Neutral'), by: fc.constantFrom('rules', 'openai') })
    .chain((verdict) =>
      fc.oneof(
        fc.string().map((answer): Verdict => ({ ...verdict, answer })),
        fc.constantFrom('auto-reply-disabled', 'no-answer-for-label').map((silence): Verdict => ({ ...verdict, answer: null, silence })),
      ),
    );
  const messages = fc.record({
    number: fc.oneof(fc.stringMatching(/^\+?[\d ().-]{1,20}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 })),
    text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('STOP', 'Yes', 'No 🛑', 'opt out!')),
  });

  test('replies with the answer of the verdict or not at all, and the same every time', () => {
    fc.assert(
      fc.property(messages, verdicts, (message, verdict) => {
        const before = structuredClone({ message, verdict });
        const decision = decide(message, verdict);
        if (decision.kind === 'reply') expect(decision).toEqual({ kind: 'reply', text: verdict.answer });
        else if (verdict.answer === null) expect(decision).toEqual(silent(verdict.silence));
        else expect(['opted-out', 'sender-cannot-be-answered']).toContain(decision.reason);
        expect(decide(structuredClone(message), structuredClone(verdict))).toEqual(decision);
        expect({ message, verdict }).toEqual(before);
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes no time for the longest text', () => {
    const from = performance.now();
    for (const text of [' '.repeat(40_000), `stop${' '.repeat(39_990)}stop`, 'stop'.repeat(10_000)]) decide({ number, text }, agree);
    expect(performance.now() - from).toBeLessThan(200);
  });
});
