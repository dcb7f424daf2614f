import { type InboundMessage, messageVersion } from '../domain/message.js';
import { considerParkMs } from '../domain/waiting.js';
import { consider, prolong, remember } from './activities.js';
import type { Outcome } from './outcome.js';
import { createOnParked, createReply, rememberRefusal } from './reply.js';
import { Run } from './run.js';

/** Answers one message: consider it, remember what it asks for, then reply or stay silent. One run per message. */
export async function answerMessage(message: InboundMessage): Promise<Outcome> {
  requireKnownVersion(message);
  const run = new Run({ gateway: message.gateway, onParked: createOnParked(message) });
  const decision = await run.consider(() => consider(message), considerParkMs);
  if (decision === 'marked-sent') return run.end({ reply: 'sent', by: 'operator' });
  run.considered(decision.verdict);
  const { verdict, contact } = decision;
  // The state that was remembered already, and stays.
  const { stays: state } = contact ? await remember(message, contact, verdict.label) : {};
  if (message.doubleOf !== undefined) return run.end({ reply: 'skipped', reason: `double of ${message.doubleOf}` });
  if (decision.kind === 'silent') {
    if (decision.reason === 'no-template-for-label') await prolong(message);
    return run.end({ reply: 'skipped', reason: decision.reason });
  }
  // A second STOP is silent; START is confirmed again.
  if (state) return run.end({ reply: 'skipped', reason: state });
  const reply = await run.send(createReply(message, decision), decision.parkMs);
  await rememberRefusal(message, reply, verdict.label);
  return run.end(reply === 'marked-sent' ? { reply: 'sent', by: 'operator' } : reply);
}

/** Fails the task of an input that a newer release wrote: the run waits for a worker that knows it. */
export function requireKnownVersion({ version }: { version: number }): void {
  if (version !== messageVersion)
    throw new TypeError(`This worker knows messages of version ${messageVersion}, not ${version}`);
}
