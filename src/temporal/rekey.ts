import type { Client } from '@temporalio/client';
import { type Contact, strongestFirst } from '../domain/contact.js';
import { contact as names, taskQueue } from '../domain/names.js';
import { ContactChangedError, ignoringChange, retried } from './contact-changed.js';
import { type ContactRun, createContactRuns, lasting } from './contact-runs.js';
import type { SenderKey } from './sender-key.js';

/**
 * Moves contacts to their ids of another secret, while processes that know both secrets read and change them. It can
 * stop at any point: a contact is then remembered under both ids, and moved by the next call.
 *
 * @param contactKey of the secret that contacts move to
 */
export function createRekey(client: Client, contactKey: SenderKey, { workflowQueue = taskQueue } = {}) {
  const runs = createContactRuns(client, workflowQueue);
  const idOf = (sender: string) => names.workflowIdOf(contactKey(sender));

  async function tryToMove(workflowId: string): Promise<boolean> {
    const old = await runs.read(workflowId);
    const contact = old?.contact;
    if (!old || !contact) return false;
    const there = await runs.read(idOf(contact.sender));
    if (lasting(contact) && !isCoveredBy(there, contact)) {
      if (there) await runs.end(there);
      await replaceBy(await runs.add(idOf(contact.sender), contact), old);
    } else {
      await runs.end(old);
    }
    return true;
  }

  /** Ends the old run. If it was changed meanwhile, the copy is out of date, and ends instead. */
  async function replaceBy(copy: ContactRun, old: ContactRun): Promise<void> {
    try {
      await runs.end(old);
    } catch (error) {
      if (error instanceof ContactChangedError) await retried(() => runs.end(copy).catch(ignoringChange));
      throw error;
    }
  }

  return {
    /** Lists the contacts that are kept under another id than that of this secret, a moment late. */
    async *list(): AsyncGenerator<ContactRun> {
      for await (const run of runs.list()) if (run.contact && run.workflowId !== idOf(run.contact.sender)) yield run;
    },

    /** Moves a contact. Returns false when it is no longer there. */
    move: ({ workflowId }: ContactRun): Promise<boolean> => retried(() => tryToMove(workflowId)),
  };
}

function isCoveredBy(there: ContactRun | undefined, contact: Contact): boolean {
  const other = lasting(there?.contact);
  return other !== undefined && strongestFirst(contact, other) >= 0;
}
