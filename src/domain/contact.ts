import type { InboundMessage } from './message.js';
import { withAsciiDigits } from './sender.js';

/** Why a sender gets no automatic replies. */
export type ContactState = 'opted-out' | 'paused' | 'handed-over' | 'unreachable';

/** What is remembered of a sender. Nothing is remembered of everybody else. */
export interface Contact {
  state: ContactState;
  /** The identity under which it is remembered: E.164, digits, or a name. */
  sender: string;
  /** When the message that caused it was received, or when the command ran. ISO 8601. */
  since: string;
  /** When it ends, ISO 8601. Absent: never. */
  until?: string;
  /** How long after the sender's last text it ends, in milliseconds. Absent: `until` is fixed. */
  forMs?: number;
  /** Where it comes from, such as `text`, `operator`, `import` or a gateway. */
  source: string;
  /** The words that caused it. */
  words?: string;
  /** The run that caused it. */
  run?: string;
}

/** Compares two contacts of one sender: an opt-out comes first, and then the newest. */
export function strongestFirst(one: Contact, other: Contact): number {
  const optedOut = Number(other.state === 'opted-out') - Number(one.state === 'opted-out');
  return optedOut === 0 ? other.since.localeCompare(one.since) : optedOut;
}

/** What a message changes about its sender. */
export interface ContactChange {
  /** `none` ends whatever is remembered; `resumed` only ends a hand-over. */
  to: ContactState | 'none' | 'resumed';
  /** The words that ask for it. Absent: a limit was reached. */
  words?: string;
  /** How long it lasts after the sender's last text, or the provider's refusal, in milliseconds. Absent: for good. */
  forMs?: number;
  /** The gateway whose provider refused a reply for it. Absent: the message itself asks for it, or a limit. */
  source?: string;
}

/**
 * Returns the identities under which the sender of a message is remembered and looked up: the usual one, and for a
 * number without a country code also its digits. So a change of DEFAULT_COUNTRY forgets no one.
 */
export function identitiesOf({ from, sender }: Pick<InboundMessage, 'from' | 'sender'>): string[] {
  const typed = from.normalize('NFKC').trim();
  if (!sender.startsWith('+') || /^(\+|00)/.test(typed.replace(/[^\p{Nd}+]/gu, ''))) return [sender];
  const digits = withAsciiDigits(typed).replace(/\D/g, '');
  return digits === '' ? [sender] : [sender, digits];
}
