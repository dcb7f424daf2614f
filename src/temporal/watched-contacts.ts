import type { Client } from '@temporalio/client';
import { type Contacts, createContacts } from './contacts.js';
import type { SenderKeys } from './sender-key.js';
import { withinDeadline } from './within-deadline.js';

export type WatchedContacts = Pick<Contacts, 'find' | 'findEveryone' | 'resume'>;

/** Creates `find`, `findEveryone` and `resume` for a server that may be down: each call ends within 5 s. */
export function watchContacts(client: () => Promise<Client>, contactKeys: SenderKeys): WatchedContacts {
  const within = <Result>(call: (contacts: Contacts) => Promise<Result>) =>
    withinDeadline(client, (connected) => call(createContacts(connected, contactKeys)));
  return {
    find: (senders) => within((contacts) => contacts.find(senders)),
    findEveryone: () => within((contacts) => contacts.findEveryone()),
    resume: (sender) => within((contacts) => contacts.resume(sender)),
  };
}
