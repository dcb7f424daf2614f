import { ProblemError } from '../../http/problem.js';
import type { WatchedContacts } from '../../temporal/watched-contacts.js';
import { type ContactWatcherOptions, createContactWatcher } from './contact-watcher.js';

export interface ShownContactsOptions extends ContactWatcherOptions {
  contacts: WatchedContacts;
  /** Returns the identity of a number: the same for all its notations. */
  senderOf: (number: string) => string;
}

/** Follows which number each open page shows, and watches the contacts of these only. */
export function createShownContacts({ contacts, senderOf, identitiesOf, onContact }: ShownContactsOptions) {
  /** The sender that each open page shows, by the id of the page. */
  const pages = new Map<string, string | undefined>();
  const watcher = createContactWatcher({ contacts, identitiesOf, onContact });

  function note(page: string, sender: string | undefined): void {
    pages.set(page, sender);
    watcher.keepOnly(new Set(pages.values()));
  }

  return {
    opened: (page: string): void => note(page, undefined),
    closed(page: string): void {
      note(page, undefined);
      pages.delete(page);
    },
    /** Notes which number a page shows. Returns its sender. */
    show: ({ page, number }: { page: string; number: string }): string => {
      const sender = senderOf(number);
      // No events reach a page that is closed.
      if (pages.has(page)) {
        note(page, sender);
        watcher.watch(sender, number);
      }
      return sender;
    },
    look: watcher.look,
    /**
     * Ends what is remembered. An opt-out stays.
     *
     * @throws {ProblemError} 503 when Temporal does not respond
     */
    resume: async (number: string): Promise<void> => {
      try {
        for (const sender of identitiesOf(number)) await contacts.resume(sender);
      } catch (error) {
        throw new ProblemError('temporal-away', {
          detail: `Automatic replies could not be resumed: ${error instanceof Error ? error.message : String(error)}`,
        });
      }
      await watcher.look(senderOf(number));
    },
    close: watcher.close,
  };
}
