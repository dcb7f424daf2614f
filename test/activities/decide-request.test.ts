import { expect, it } from 'vitest';
import type { DecisionSettings } from '../../src/activities/decide.js';
import { decideRequest, requestOfProvider } from '../../src/activities/decide-request.js';
import type { InboundMessage } from '../../src/domain/message.js';
import type { Request } from '../../src/rules/request.js';

const sender = '+15550001234';
const denied = '+15550009999';
const settings: DecisionSettings = {
  autoReply: { enabled: true, text: 'One for all' },
  mayReply: (of) => of !== denied,
  replyMaxAgeMs: 60_000,
  parkMs: 1_000,
};
const playbook = { requestTemplate: (request: string, language: string) => `${request} in ${language}` };

interface How {
  enabled: boolean;
}

const decide = (
  request: Partial<Request>,
  { from = sender, enabled = true, ...message }: Partial<InboundMessage> & Partial<How> = {},
) =>
  decideRequest(
    { sender: from, ...message },
    { kind: 'opt-out', language: 'fr', words: 'Arrêt', ...request },
    playbook,
    {
      ...settings,
      autoReply: { ...settings.autoReply, enabled },
    },
  );

it.each([
  ['opt-out', 'stop in fr', { to: 'opted-out', words: 'Arrêt' }, 'anything'],
  ['start', 'start in fr', { to: 'none', words: 'Arrêt' }, 'pause'],
  ['help', 'help in fr', undefined, 'anything'],
  ['person', 'person in fr', { to: 'handed-over', words: 'Arrêt', forMs: 12 * 3_600_000 }, 'hand-over'],
] as const)(
  '%s gets its own template, in the language of its words, in any state of the contact',
  (kind, text, contact, despite) => {
    expect(decide({ kind })).toEqual({
      verdict: { label: kind, by: 'rules' },
      ...(contact && { contact }),
      kind: 'reply',
      text,
      maxAgeMs: 60_000,
      parkMs: 1_000,
      despite,
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
  ['sender-denied', { from: denied }],
  ['sent-to-several', { isToSeveral: true as const }],
  ['answered-by-provider', { answeredByProvider: 'STOP' as const }],
])('without a reply (%s) it is remembered all the same', (reason, how) => {
  expect(decide({}, how)).toMatchObject({ kind: 'silent', reason, contact: { to: 'opted-out' } });
});

it('what the provider has answered itself is its own kind of request, by whatever word', () => {
  const of = (answeredByProvider: 'STOP' | 'HELP' | 'START') =>
    requestOfProvider({ answeredByProvider, text: 'Baja' }, { language: 'es' });
  expect(of('STOP')).toEqual({ kind: 'opt-out', language: 'es', words: 'Baja' });
  expect(of('HELP')).toMatchObject({ kind: 'help' });
  expect(of('START')).toMatchObject({ kind: 'start' });
  expect(requestOfProvider({ text: 'Baja' }, { language: 'es' })).toBeUndefined();
});
