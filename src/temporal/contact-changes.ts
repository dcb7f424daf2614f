import type { Contact } from '../domain/contact.js';
import { ContactChangedError } from './contact-changed.js';
import { type ContactRun, type ContactRuns, lasting } from './contact-runs.js';
import type { SenderRuns } from './sender-runs.js';

/** Creates the changes that depend on a look. Each throws a ContactChangedError when the contact changed meanwhile. */
export function createContactChanges(runs: ContactRuns, ofSender: SenderRuns) {
  /** Remembers a contact where nothing is remembered. Returns false otherwise, and when another change was faster. */
  async function begin(contact: Contact): Promise<boolean> {
    const found = await ofSender.read(contact.sender);
    if (found.some((run) => !run.contact || lasting(run.contact))) return false;
    try {
      // Without a worker, pauses that have ended are still there.
      for (const run of found) await runs.end(run);
      await runs.add(ofSender.firstIdOf(contact.sender), contact);
      return true;
    } catch (error) {
      if (error instanceof ContactChangedError) return false;
      throw error;
    }
  }

  async function endPause(sender: string): Promise<'resumed' | 'opted-out' | 'none'> {
    const found = await ofSender.look(sender);
    if (found.some(isOptOut)) return 'opted-out';
    for (const run of found) await runs.end(run);
    return found.length > 0 ? 'resumed' : 'none';
  }

  /** Leaves opt-outs: a process with another first secret may be doing the same, and would end this one's. */
  async function endPausesUnderOtherIds(sender: string): Promise<void> {
    for (const run of await ofSender.lookUnderOthers(sender)) if (!isOptOut(run)) await runs.end(run);
  }

  async function remove(sender: string, notAfter?: string): Promise<boolean> {
    const found = notAfter === undefined ? await ofSender.look(sender) : await ofSender.read(sender);
    const old = found.filter(({ contact }) => notAfter === undefined || !contact || contact.since <= notAfter);
    for (const run of old) await runs.end(run);
    return old.length > 0;
  }

  return { begin, endPause, endPausesUnderOtherIds, remove };
}

export const isOptOut = ({ state }: ContactRun): boolean => state === 'opted-out';
