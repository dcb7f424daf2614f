import type { Contact, ContactState } from '../domain/contact.js';
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

  /** Ends what is remembered; with `which`, only what fits: that needs the key of PAYLOAD_KEYS that encrypted it. */
  async function remove(sender: string, which?: Which): Promise<boolean> {
    const found = which ? await ofSender.read(sender) : await ofSender.look(sender);
    const fitting = found.filter(({ state, contact }) => fits(which, { ...contact, state }));
    for (const run of fitting) await runs.end(run);
    return fitting.length > 0;
  }

  /** Moves the end of a pause, unless it was changed since the look. */
  async function prolong(sender: string, untilOf: (contact: Contact) => string | undefined): Promise<void> {
    for (const run of await ofSender.read(sender)) {
      const contact = lasting(run.contact);
      const until = contact && untilOf(contact);
      if (!until) continue;
      await runs.end(run);
      await runs.add(ofSender.firstIdOf(sender), { ...contact, until });
    }
  }

  return { begin, endPause, endPausesUnderOtherIds, prolong, remove };
}

/** Which contacts a change ends. */
export interface Which {
  /** Only what is remembered since before this time, ISO 8601. */
  before: string;
  /** Only contacts in this state. */
  state?: ContactState;
}

/** At the same moment, as for two texts of one post, the contact stays. */
const fits = (which: Which | undefined, { since = '', state }: Pick<Contact, 'state'> & { since?: string }) =>
  which === undefined || (since < which.before && (which.state ?? state) === state);

export const isOptOut = ({ state }: ContactRun): boolean => state === 'opted-out';
