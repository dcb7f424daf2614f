import type { ContactChange } from '../domain/contact.js';
import type { Decision, Despite } from '../domain/decision.js';
import type { InboundMessage } from '../domain/message.js';
import { handedOverMs } from '../domain/waiting.js';
import type { CompiledPlaybook } from '../playbook/compile.js';
import type { Request } from '../rules/request.js';
import { type DecisionSettings, silenceFor } from './decide.js';

/** The template of each request that gets a reply, and what that reply is sent in spite of. */
const replies = {
  'opt-out': { template: 'stop', despite: 'anything' },
  help: { template: 'help', despite: 'anything' },
  start: { template: 'start', despite: 'pause' },
  person: { template: 'person', despite: 'hand-over' },
} as const satisfies Record<string, { template: string; despite: Despite }>;

/** Decides what a request gets, such as STOP: it is remembered, and confirmed even to a sender who has opted out. */
export function decideRequest(
  message: Pick<InboundMessage, 'sender' | 'isToSeveral' | 'answeredByProvider'>,
  request: Request,
  playbook: Pick<CompiledPlaybook, 'requestTemplate'>,
  settings: DecisionSettings,
): Decision {
  const { kind, language } = request;
  const contact = changeFor(request);
  const decided = { verdict: { label: kind, by: 'rules' as const }, ...(contact && { contact }) };
  if (message.answeredByProvider) return { ...decided, kind: 'silent', reason: 'answered-by-provider' };
  if (kind === 'peace') return { ...decided, kind: 'silent', reason: 'handed-over' };
  const reason = silenceFor(message, settings);
  if (reason) return { ...decided, kind: 'silent', reason };
  const { template, despite } = replies[kind];
  const text = playbook.requestTemplate(template, language);
  return { ...decided, kind: 'reply', text, maxAgeMs: settings.replyMaxAgeMs, parkMs: settings.parkMs, despite };
}

const kinds = { STOP: 'opt-out', HELP: 'help', START: 'start' } as const;

/** Returns the request that the provider has answered already, by its own words for it. */
export function requestOfProvider(
  { answeredByProvider, text }: Pick<InboundMessage, 'answeredByProvider' | 'text'>,
  { language }: Pick<CompiledPlaybook, 'language'>,
): Request | undefined {
  return answeredByProvider && { kind: kinds[answeredByProvider], language, words: text };
}

function changeFor({ kind, words }: Request): ContactChange | undefined {
  switch (kind) {
    case 'opt-out':
      return { to: 'opted-out', words };
    case 'start':
      return { to: 'none', words };
    case 'person':
    case 'peace':
      return { to: 'handed-over', words, forMs: handedOverMs };
    case 'help':
      return undefined;
  }
}
