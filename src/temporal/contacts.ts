import type { Client } from '@temporalio/client';
import type { Contact, ContactState } from '../domain/contact.js';
import { contact as names, contactState, taskQueue } from '../domain/names.js';
import { retried } from './contact-changed.js';
import { contactOf, createContactRuns, lasting } from './contact-runs.js';
import { createEveryone } from './everyone.js';
import type { SenderKey } from './sender-key.js';

/**
 * Remembers senders in Temporal. A contact is a workflow that has not begun: it costs nothing, no worker runs it, and
 * no retention ends it. A pause begins when it ends, and its workflow returns at once.
 *
 * Only an opt-out replaces whatever is remembered. All other changes end the very run that they have looked at, and
 * only start one where none is: so they never end an opt-out that is written at the same moment.
 */
export function createContacts(client: Client, contactKey: SenderKey, { workflowQueue = taskQueue } = {}) {
  const idOf = (sender: string) => names.workflowIdOf(contactKey(sender));
  const runs = createContactRuns(client, workflowQueue);

  async function endPause(sender: string): Promise<'resumed' | 'opted-out' | 'none'> {
    const run = await runs.look(idOf(sender));
    if (!run) return 'none';
    if (run.state === 'opted-out') return 'opted-out';
    await runs.end(run);
    return 'resumed';
  }

  async function remove(sender: string, notAfter?: string): Promise<boolean> {
    const run = notAfter === undefined ? await runs.look(idOf(sender)) : await runs.read(idOf(sender));
    if (!run || (notAfter !== undefined && run.contact && run.contact.since > notAfter)) return false;
    await runs.end(run);
    return true;
  }

  return {
    /** Returns the state of the first of these identities that is remembered: one short call for each. */
    async stateOf(senders: readonly string[]): Promise<ContactState | undefined> {
      for (const sender of senders) {
        const run = await runs.look(idOf(sender));
        if (run) return run.state;
      }
      return undefined;
    },

    /** Returns what is remembered of the first of these identities. */
    async find(senders: readonly string[]): Promise<Contact | undefined> {
      for (const sender of senders) {
        const found = lasting((await runs.read(idOf(sender)))?.contact);
        if (found) return found;
      }
      return undefined;
    },

    /** Remembers an opt-out, in place of whatever was remembered under its identity. */
    optOut: (contact: Contact): Promise<void> => retried(() => runs.replace(idOf(contact.sender), contact)),

    /**
     * Remembers a pause or a hand-over, in place of an earlier one.
     *
     * @returns false when the sender has opted out
     */
    pause: (contact: Contact): Promise<boolean> =>
      retried(async () => {
        if ((await endPause(contact.sender)) === 'opted-out') return false;
        await runs.add(idOf(contact.sender), contact);
        return true;
      }),

    /** Ends a pause or a hand-over. Returns what was found. */
    resume: (sender: string): Promise<'resumed' | 'opted-out' | 'none'> => retried(() => endPause(sender)),

    /**
     * Forgets an identity.
     *
     * @param notAfter the time up to which it may have been remembered, ISO 8601. What is newer stays. Needs the key of
     * PAYLOAD_KEYS that encrypted it. Without this time, any contact that was there at the start is removed.
     * @returns whether something was removed
     * @throws {ContactChangedError} without `notAfter`, when something else was remembered at the same moment
     */
    remove: (sender: string, { notAfter }: { notAfter?: string } = {}): Promise<boolean> =>
      notAfter === undefined ? remove(sender) : retried(() => remove(sender, notAfter)),

    /** Lists all contacts, or those in a state, from visibility: the newest first, and a moment late. */
    async *list(state?: ContactState): AsyncGenerator<Contact> {
      const condition = state ? `${contactState.name} = "${state}"` : `${contactState.name} IS NOT NULL`;
      const query = `WorkflowType = "${names.workflowType}" AND ExecutionStatus = "Running" AND ${condition}`;
      for await (const info of client.workflow.list({ query, pageSize: 500 })) {
        const found = contactOf(info);
        if (found && info.workflowId !== names.everyone) yield found;
      }
    },

    ...createEveryone(runs),
  };
}

export type Contacts = ReturnType<typeof createContacts>;
