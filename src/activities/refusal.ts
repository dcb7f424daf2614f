import { type ContactState, identitiesOf } from '../domain/contact.js';
import type { Despite, LimitReason } from '../domain/decision.js';
import type { InboundMessage } from '../domain/message.js';

export interface AskedContacts {
  /** Returns why a sender gets no automatic replies; undefined: nothing is remembered. */
  stateOf(senders: readonly string[]): Promise<ContactState | undefined>;
  isEveryonePaused(): Promise<boolean>;
}

export interface AskedLimits {
  /** Tells whether one more reply to this sender is within the limits. */
  allowSender(sender: string, run: { workflowId: string; startedAtMs: number }): Promise<boolean>;
  /** Tells whether one more reply is within the limit of all senders together. */
  allowDay(): Promise<boolean>;
}

/** Asks Temporal, within a time limit for all questions. Rejects when it has passed, or when a question failed. */
export type Ask = <Answer>(questions: () => Promise<Answer>) => Promise<Answer>;

/** Why a reply is not sent at this moment. */
export type Refusal = ContactState | LimitReason;

/** A reply that is about to be sent. */
interface AskedReply {
  workflowId: string;
  startedAtMs: number;
  /** Whether an operator asked for this send: no limit holds it back. */
  isReleased: boolean;
  despite?: Despite;
}

/** Returns why a reply is not sent: what is remembered of its sender, or a limit. Undefined: send it. */
export async function refusalOf(
  message: InboundMessage,
  { despite, isReleased, ...run }: AskedReply,
  { contacts, limits }: { contacts: AskedContacts; limits: AskedLimits },
): Promise<Refusal | undefined> {
  if (despite === 'anything') return undefined;
  const stateOfSender = () => contacts.stateOf(identitiesOf(message));
  if (despite === 'pause') return (await stateOfSender()) === 'opted-out' ? 'opted-out' : undefined;
  const [isEveryonePaused, state] = await Promise.all([contacts.isEveryonePaused(), stateOfSender()]);
  if (state && !isSentDespite(state, { isReleased, isHolding: despite === 'hand-over' })) return state;
  if (isEveryonePaused) return 'paused';
  if (isReleased) return undefined;
  // First, since a reply that the day's limit refuses must not count for its sender.
  if (!(await limits.allowDay())) return 'day-limit';
  return despite || (await limits.allowSender(message.sender, run)) ? undefined : 'sender-limit';
}

/** An operator may know that the number gets texts again. A holding reply tells of the pause itself. */
function isSentDespite(state: ContactState, { isReleased, isHolding }: Record<'isReleased' | 'isHolding', boolean>) {
  return { 'opted-out': false, unreachable: isReleased, paused: isHolding, 'handed-over': isHolding }[state];
}
