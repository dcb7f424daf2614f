import { type Contact, identitiesOf } from '../domain/contact.js';
import { type InboundMessage, receivedAtMs } from '../domain/message.js';

export interface ProlongOptions {
  contacts: {
    /** Moves the end of what is remembered to what `untilOf` returns; undefined: it stays. */
    prolong(sender: string, untilOf: (contact: Contact) => string | undefined): Promise<void>;
  };
}

/** A hand-over is written again only when this moves its end by so much: most texts cost one look. */
const minGainMs = 600_000;

/** Creates the activity that lets a hand-over, or the pause by a limit, last from a text on. */
export function createProlong({ contacts }: ProlongOptions) {
  return async function prolong(message: InboundMessage): Promise<void> {
    for (const sender of identitiesOf(message))
      await contacts.prolong(sender, ({ forMs, until }) => {
        if (forMs === undefined || until === undefined) return undefined;
        const untilMs = receivedAtMs(message) + forMs;
        return untilMs - Date.parse(until) < minGainMs ? undefined : new Date(untilMs).toISOString();
      });
  };
}
