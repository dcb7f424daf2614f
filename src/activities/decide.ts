import type { ContactChange } from '../domain/contact.js';
import type { Decision, SilenceReason, Verdict } from '../domain/decision.js';
import type { InboundMessage } from '../domain/message.js';
import { canBeAnswered } from '../domain/sender.js';
import type { SenderList } from '../domain/sender-list.js';
import { handedOverMs } from '../domain/waiting.js';
import type { PlaybookForLine } from '../playbook/load.js';
import { isYes } from '../rules/request.js';

/** The settings that a decision records. */
export interface DecisionSettings {
  /** Whether to reply at all; `text` replaces the template of every label when it is set. */
  autoReply: { enabled: boolean; text: string | undefined };
  /** Which senders get replies, by REPLY_ALLOW and REPLY_DENY. */
  mayReply: SenderList;
  /** How old a message may be when its reply is sent without an operator, in milliseconds. */
  replyMaxAgeMs: number;
  /** How long a failed reply stays parked for an operator, in milliseconds. */
  parkMs: number;
}

/** Decides what a labelled message gets: the template of its label, or silence. It asked for nothing else. */
export function decide(
  message: Pick<InboundMessage, 'sender' | 'text' | 'isToSeveral'>,
  verdict: Verdict,
  playbook: Pick<PlaybookForLine, 'templateFor' | 'requestTemplate' | 'language' | 'labels' | 'isStandIn'>,
  settings: DecisionSettings,
): Decision {
  const { text } = message;
  const { handoff } = playbook.labels[verdict.label] ?? {};
  const decided = { verdict, ...(handoff && { contact: changeFor(handoff, text) }) };
  const reason = silenceFor(message, settings);
  if (reason) return { ...decided, kind: 'silent', reason };
  if (playbook.isStandIn) return { ...decided, kind: 'silent', reason: 'no-playbook-for-line' };
  const template = settings.autoReply.text ?? playbook.templateFor(text, verdict.label);
  if (template === null) return { ...decided, kind: 'silent', reason: 'no-template-for-label' };
  return {
    ...decided,
    kind: 'reply',
    text: template,
    maxAgeMs: settings.replyMaxAgeMs,
    parkMs: settings.parkMs,
    ...(handoff === 'begin' && { despite: 'hand-over' }),
    ...(isYes(text) && { ifOptedOut: playbook.requestTemplate('start', playbook.language) }),
    ifOverLimit: playbook.requestTemplate('person', playbook.language),
  };
}

/** Returns why this message gets no reply at all; undefined: it may get one. */
export function silenceFor(
  { sender, isToSeveral }: Pick<InboundMessage, 'sender' | 'isToSeveral'>,
  { autoReply, mayReply }: Pick<DecisionSettings, 'autoReply' | 'mayReply'>,
): SilenceReason | undefined {
  if (!autoReply.enabled) return 'auto-reply-disabled';
  if (isToSeveral) return 'sent-to-several';
  if (!canBeAnswered(sender)) return 'sender-cannot-be-answered';
  return mayReply(sender) ? undefined : 'sender-denied';
}

const changeFor = (handoff: 'begin' | 'end', words: string): ContactChange =>
  handoff === 'begin' ? { to: 'handed-over', words, forMs: handedOverMs } : { to: 'resumed', words };
