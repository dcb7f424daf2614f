import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type DecisionSettings } from '../../src/activities/decide.js';
import type { Decision, Verdict } from '../../src/domain/decision.js';
import { senderOf } from '../helpers/messages.js';

const number = '+15550001234';
const verdict: Verdict = { label: 'Agree', by: 'rules' };
const settings: DecisionSettings = {
  autoReply: { enabled: true, text: undefined },
  mayReply: () => true,
  replyMaxAgeMs: 60_000,
  parkMs: 1_000,
};
const reply = {
  verdict,
  kind: 'reply',
  text: 'Thank you',
  maxAgeMs: 60_000,
  parkMs: 1_000,
  ifOverLimit: 'person in en',
};
const noRequests = {
  language: 'en',
  labels: {},
  requestTemplate: (request: string, language: string) => `${request} in ${language}`,
};
const silent = (reason: string) => ({ verdict, kind: 'silent', reason });

/** Decides for a label whose template is `Thank you`. */
const decideFor = (
  { from, text }: { from: string; text: string },
  { template = 'Thank you', ...changed }: Partial<DecisionSettings> & { template?: string | null } = {},
): Decision =>
  decide(
    { sender: senderOf(from), text },
    verdict,
    { ...noRequests, templateFor: () => template },
    { ...settings, ...changed },
  );

describe('a message gets a reply', () => {
  it.each(['Agree', 'Disagree', 'Neutral'])('from the template of its label: %s', (label) => {
    const templateFor = (_text: string, of: string) => `About ${of}`;
    for (const by of ['rules', 'openai'] as const)
      expect(
        decide({ sender: number, text: 'Well' }, { label, by }, { ...noRequests, templateFor }, settings),
      ).toMatchObject({
        verdict: { label, by },
        text: `About ${label}`,
      });
  });

  it('with the one text that replaces all templates', () => {
    const autoReply = { enabled: true, text: 'One for all' };
    for (const template of ['Thank you', null])
      expect(decideFor({ from: number, text: 'Yes' }, { autoReply, template })).toMatchObject({ text: 'One for all' });
  });

  it.each([
    '+15550001234',
    '15550001234',
    '+1 (555) 000-1234',
    '555.000.1234',
    '00 44 7700 900123',
    '5550123',
    '+49\u00a0170\u00a01234567',
  ])('when it comes from a number in any notation: %s', (from) => {
    expect(decideFor({ from, text: 'Well' })).toEqual(reply);
  });

  it.each(['Yes', 'sí', 'oui!'])('and for a %s also what a sender who has opted out gets', (text) => {
    expect(decideFor({ from: number, text })).toEqual({ ...reply, ifOptedOut: 'start in en' });
  });
});

describe('a message gets no reply', () => {
  it('when replies are off, whatever it says', () => {
    for (const text of ['Yes', 'Well'])
      expect(decideFor({ from: number, text }, { autoReply: { enabled: false, text: 'One for all' } })).toEqual(
        silent('auto-reply-disabled'),
      );
  });

  it('when the playbook has no template for its label', () => {
    expect(decideFor({ from: number, text: 'Yes' }, { template: null })).toEqual(silent('no-template-for-label'));
  });

  it.each(['12345', '123456', '+123456', '(40)404', '1'])('when it comes from a short code: %s', (from) => {
    expect(decideFor({ from, text: 'Yes' })).toEqual(silent('sender-cannot-be-answered'));
  });

  it.each(['MPESA', 'AX-HDFCBK', 'Bank24x7', '1-800-FLOWERS', 'a@b.example', '+1555000123x', ' ', '+', '-.-'])(
    'when it comes from a name: %j',
    (from) => {
      expect(decideFor({ from, text: 'Yes' })).toEqual(silent('sender-cannot-be-answered'));
    },
  );
});

describe('a decision', () => {
  const messages = fc.record({
    from: fc.oneof(
      fc.stringMatching(/^\+?[\d ().-]{1,20}$/),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 }),
    ),
    text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('Well', 'Yes', 'No 🛑')),
  });

  it('replies with the template or not at all, always the same, and changes nothing', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const before = structuredClone(message);
        const decision = decideFor(message);
        if (decision.kind === 'silent') expect(decision.reason).toBe('sender-cannot-be-answered');
        else expect(decision).toMatchObject(reply);
        expect(decideFor(structuredClone(message))).toEqual(decision);
        expect(message).toEqual(before);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes no time for the longest text', () => {
    const from = performance.now();
    for (const text of [' '.repeat(40_000), `stop${' '.repeat(39_990)}stop`, 'stop'.repeat(10_000)])
      decideFor({ from: number, text });
    expect(performance.now() - from).toBeLessThan(1_000);
  });
});
