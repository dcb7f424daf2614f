import type { ContactChange } from '../domain/contact.js';
import type { Decision } from '../domain/decision.js';
import type { InboundMessage } from '../domain/message.js';
import { canBeAnswered } from '../domain/sender.js';
import { handedOverMs } from '../domain/waiting.js';
import type { CompiledPlaybook } from '../playbook/compile.js';
import type { Request } from '../rules/request.js';
import type { DecisionSettings } from './decide.js';

/** The template of each request that gets a reply. */
const templates = { 'opt-out': 'stop', help: 'help', start: 'start', person: 'person' } as const;

/** Decides what a request gets, such as STOP: it is remembered, and confirmed even to a sender who has opted out. */
export function decideRequest(
  { sender }: Pick<InboundMessage, 'sender'>,
  request: Request,
  playbook: Pick<CompiledPlaybook, 'requestTemplate'>,
  { autoReply, replyMaxAgeMs, parkMs }: DecisionSettings,
): Decision {
  const { kind, language } = request;
  const contact = changeFor(request);
  const decided = { verdict: { label: kind, by: 'rules' as const }, ...(contact && { contact }) };
  if (kind === 'peace') return { ...decided, kind: 'silent', reason: 'handed-over' };
  if (!autoReply.enabled) return { ...decided, kind: 'silent', reason: 'auto-reply-disabled' };
  if (!canBeAnswered(sender)) return { ...decided, kind: 'silent', reason: 'sender-cannot-be-answered' };
  const text = playbook.requestTemplate(templates[kind], language);
  return { ...decided, kind: 'reply', text, maxAgeMs: replyMaxAgeMs, parkMs, aboutContact: true };
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
