import type { Client } from '@temporalio/client';
import { type Contact, type ContactState, strongestFirst } from '../domain/contact.js';
import { taskQueue } from '../domain/names.js';
import { ignoringChange, retried } from './contact-changed.js';
import { createContactChanges, isOptOut, type Which } from './contact-changes.js';
import { createContactRuns, lasting } from './contact-runs.js';
import { createEveryone } from './everyone.js';
import type { SenderKeys } from './sender-key.js';
import { createSenderRuns } from './sender-runs.js';

/**
 * Remembers senders in Temporal. A contact is a workflow that has not begun: it costs nothing, no worker runs it, and
 * no retention ends it. A pause begins when it ends, and its workflow returns at once.
 *
 * Only an opt-out replaces whatever is remembered. All other changes end the very run that they have looked at, and
 * only start one where none is: so they never end an opt-out that is written at the same moment.
 *
 * While ANSWERBACK_SECRET is being changed, a contact can be remembered under several ids. An opt-out then wins.
 *
 * @param contactKeys a contact is written under the first, and found under all of them
 */
export function createContacts(client: Client, contactKeys: SenderKeys, { workflowQueue = taskQueue } = {}) {
  const runs = createContactRuns(client, workflowQueue);
  const ofSender = createSenderRuns(runs, contactKeys);

  const { begin, endPause, endPausesUnderOtherIds, prolong, remove } = createContactChanges(runs, ofSender);

  return {
    /** Returns the state of the first of these identities that is remembered: one short call for each id. */
    async stateOf(senders: readonly string[]): Promise<ContactState | undefined> {
      for (const sender of senders) {
        const found = await ofSender.look(sender);
        const run = found.find(isOptOut) ?? found[0];
        if (run) return run.state;
      }
      return undefined;
    },

    /** Returns what is remembered of the first of these identities. */
    async find(senders: readonly string[]): Promise<Contact | undefined> {
      for (const sender of senders) {
        const found = (await ofSender.read(sender)).flatMap(({ contact }) => lasting(contact) ?? []);
        const [strongest] = found.sort(strongestFirst);
        if (strongest) return strongest;
      }
      return undefined;
    },

    begin,

    /** Remembers an opt-out, in place of whatever was remembered under its identity. */
    async optOut(contact: Contact): Promise<void> {
      await retried(() => runs.replace(ofSender.firstIdOf(contact.sender), contact));
      await retried(() => endPausesUnderOtherIds(contact.sender));
    },

    /**
     * Remembers what ends at a time, in place of anything but an opt-out.
     *
     * @returns false when the sender has opted out
     */
    pause: (contact: Contact): Promise<boolean> =>
      retried(async () => {
        if ((await endPause(contact.sender)) === 'opted-out') return false;
        await runs.add(ofSender.firstIdOf(contact.sender), contact);
        return true;
      }),

    /** Ends what is remembered, unless it is an opt-out. Returns what was found. */
    resume: (sender: string): Promise<'resumed' | 'opted-out' | 'none'> => retried(() => endPause(sender)),

    /**
     * Moves the end of a pause or hand-over. Does nothing when it was changed at the same moment.
     *
     * @param untilOf returns the new end, ISO 8601; undefined: it stays as it is
     */
    prolong: (sender: string, untilOf: (contact: Contact) => string | undefined): Promise<void> =>
      prolong(sender, untilOf).catch(ignoringChange),

    /**
     * Forgets an identity.
     *
     * @param which which contacts it ends. Without it, any that was there at the start.
     * @returns whether something was removed
     * @throws {ContactChangedError} without `which`, when something else was remembered at the same moment
     */
    remove: (sender: string, which?: Which): Promise<boolean> =>
      which ? retried(() => remove(sender, which)) : remove(sender),

    /** Lists all contacts, or those in a state, from visibility: the newest first, and a moment late. */
    async *list(state?: ContactState): AsyncGenerator<Contact> {
      for await (const { contact } of runs.list(state)) {
        const found = lasting(contact);
        if (found) yield found;
      }
    },

    ...createEveryone(runs),
  };
}

export type Contacts = ReturnType<typeof createContacts>;
