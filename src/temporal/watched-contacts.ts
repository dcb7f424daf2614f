import type { Client } from '@temporalio/client';
import { type Contacts, createContacts } from './contacts.js';
import type { SenderKeys } from './sender-key.js';

/** Time limit of each call: a user waits for it at a screen. */
const deadlineMs = 5_000;

export type WatchedContacts = Pick<Contacts, 'find' | 'findEveryone' | 'resume'>;

/** Creates `find`, `findEveryone` and `resume` for a server that may be down: each call ends within 5 s. */
export function watchContacts(client: () => Promise<Client>, contactKeys: SenderKeys): WatchedContacts {
  async function withinDeadline<Result>(call: (connected: Client) => Promise<Result>): Promise<Result> {
    const connected = await client();
    return connected.withDeadline(Date.now() + deadlineMs, () => call(connected));
  }
  return {
    find: (senders) => withinDeadline((connected) => createContacts(connected, contactKeys).find(senders)),
    findEveryone: () => withinDeadline((connected) => createContacts(connected, contactKeys).findEveryone()),
    resume: (sender) => withinDeadline((connected) => createContacts(connected, contactKeys).resume(sender)),
  };
}
