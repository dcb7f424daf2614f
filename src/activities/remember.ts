import { Context } from '@temporalio/activity';
import { type Contact, type ContactChange, identitiesOf } from '../domain/contact.js';
import type { InboundMessage } from '../domain/message.js';
import type { Log } from '../log/log.js';

export interface RememberOptions {
  contacts: {
    /** Returns what is remembered of the first of these identities. */
    find(senders: readonly string[]): Promise<Contact | undefined>;
    /** Replaces what is remembered under its identity. */
    put(contact: Contact): Promise<void>;
    remove(sender: string): Promise<unknown>;
  };
  log: Log;
}

/** Creates the activity that changes what is remembered of a sender. */
export function createRemember({ contacts, log }: RememberOptions) {
  /**
   * Makes the change, unless it was made before, or something newer is remembered. An opt-out only gives way to `none`.
   *
   * @returns whether something changed by this message, also in an earlier try
   */
  return async function remember(message: InboundMessage, change: ContactChange): Promise<boolean> {
    const senders = identitiesOf(message);
    const run = Context.current().info.workflowExecution?.workflowId ?? 'unknown';
    const before = await contacts.find(senders);
    if (before?.run === run) return true;
    if (before && before.since > message.acceptedAt) return false;
    const { to, words, forMs } = change;
    if (to === 'none') {
      for (const sender of senders) await contacts.remove(sender);
    } else {
      if (before && (before.state === to || before.state === 'opted-out')) return false;
      const since = message.acceptedAt;
      const until = forMs === undefined ? {} : { until: new Date(Date.parse(since) + forMs).toISOString() };
      for (const sender of senders)
        await contacts.put({ state: to, sender, since, ...until, source: 'text', words, run });
    }
    if (to !== 'none' || before) log.info({ event: 'contact.changed', guid: run, to }, `The sender is now: ${to}`);
    return before !== undefined || to !== 'none';
  };
}
