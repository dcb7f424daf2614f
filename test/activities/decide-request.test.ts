import { expect, it } from 'vitest';
import { decideRequest } from '../../src/activities/decide-request.js';
import type { DecisionSettings } from '../../src/activities/decide.js';
import type { Request } from '../../src/rules/request.js';

const sender = '+15550001234';
const settings: DecisionSettings = {
  autoReply: { enabled: true, text: 'One for all' },
  replyMaxAgeMs: 60_000,
  parkMs: 1_000,
};
const playbook = { requestTemplate: (request: string, language: string) => `${request} in ${language}` };

const decide = (request: Partial<Request>, { from = sender, enabled = true } = {}) =>
  decideRequest({ sender: from }, { kind: 'opt-out', language: 'fr', words: 'Arrêt', ...request }, playbook, {
    ...settings,
    autoReply: { ...settings.autoReply, enabled },
  });

it.each([
  ['opt-out', 'stop in fr', { to: 'opted-out', words: 'Arrêt' }],
  ['start', 'start in fr', { to: 'none', words: 'Arrêt' }],
  ['help', 'help in fr', undefined],
  ['person', 'person in fr', { to: 'handed-over', words: 'Arrêt', forMs: 12 * 3_600_000 }],
] as const)(
  '%s gets its own template, in the language of its words, in any state of the contact',
  (kind, text, contact) => {
    expect(decide({ kind })).toEqual({
      verdict: { label: kind, by: 'rules' },
      ...(contact && { contact }),
      kind: 'reply',
      text,
      maxAgeMs: 60_000,
      parkMs: 1_000,
      aboutContact: true,
    });
  },
);

it('a sender who wants peace gets nothing, and a person', () => {
  expect(decide({ kind: 'peace' })).toMatchObject({
    kind: 'silent',
    reason: 'handed-over',
    contact: { to: 'handed-over' },
  });
});

it.each([
  ['auto-reply-disabled', { enabled: false }],
  ['sender-cannot-be-answered', { from: '32665' }],
])('without a reply (%s) it is remembered all the same', (reason, how) => {
  expect(decide({}, how)).toMatchObject({ kind: 'silent', reason, contact: { to: 'opted-out' } });
});
