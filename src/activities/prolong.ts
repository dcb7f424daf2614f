import { type Contact, identitiesOf } from '../domain/contact.js';
import type { InboundMessage } from '../domain/message.js';

export interface ProlongOptions {
  contacts: {
    find(senders: readonly string[]): Promise<Contact | undefined>;
    pause(contact: Contact): Promise<boolean>;
  };
}

/** A hand-over is written again only when this moves its end by so much, so that quick texts cost one look each. */
const minGainMs = 60_000;

/** Creates the activity that lets a hand-over, or the pause by a limit, last from a text on. */
export function createProlong({ contacts }: ProlongOptions) {
  return async function prolong(message: InboundMessage): Promise<void> {
    const senders = identitiesOf(message);
    const contact = await contacts.find(senders);
    if (contact?.forMs === undefined || contact.until === undefined) return;
    const untilMs = Date.parse(message.acceptedAt) + contact.forMs;
    if (untilMs - Date.parse(contact.until) < minGainMs) return;
    const until = new Date(untilMs).toISOString();
    for (const sender of senders) await contacts.pause({ ...contact, sender, until });
  };
}
