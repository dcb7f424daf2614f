import type { Decision, Verdict } from '../domain/decision.js';
import type { InboundMessage } from '../domain/message.js';
import { canBeAnswered } from '../domain/sender.js';
import type { CompiledPlaybook } from '../playbook/compile.js';
import { isYes } from '../rules/request.js';

/** The settings that a decision records. */
export interface DecisionSettings {
  /** Whether to reply at all; `text` replaces the template of every label when it is set. */
  autoReply: { enabled: boolean; text: string | undefined };
  /** How old a message may be when its reply is sent without an operator, in milliseconds. */
  replyMaxAgeMs: number;
  /** How long a failed reply stays parked for an operator, in milliseconds. */
  parkMs: number;
}

/** Decides what a labelled message gets: the template of its label, or silence. It asked for nothing else. */
export function decide(
  { sender, text }: Pick<InboundMessage, 'sender' | 'text'>,
  verdict: Verdict,
  playbook: Pick<CompiledPlaybook, 'templateFor' | 'requestTemplate' | 'language'>,
  { autoReply, replyMaxAgeMs, parkMs }: DecisionSettings,
): Decision {
  if (!autoReply.enabled) return { verdict, kind: 'silent', reason: 'auto-reply-disabled' };
  if (!canBeAnswered(sender)) return { verdict, kind: 'silent', reason: 'sender-cannot-be-answered' };
  const template = autoReply.text ?? playbook.templateFor(text, verdict.label);
  if (template === null) return { verdict, kind: 'silent', reason: 'no-template-for-label' };
  return {
    verdict,
    kind: 'reply',
    text: template,
    maxAgeMs: replyMaxAgeMs,
    parkMs,
    ...(isYes(text) && { ifOptedOut: playbook.requestTemplate('start', playbook.language) }),
  };
}
