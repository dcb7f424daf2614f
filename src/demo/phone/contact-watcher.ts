import type { ContactState } from '../../domain/contact.js';
import type { WatchedContacts } from '../../temporal/watched-contacts.js';
import { oneAtATime } from './one-at-a-time.js';

export interface ContactWatcherOptions {
  contacts: Pick<WatchedContacts, 'find' | 'findEveryone'>;
  /** Returns the identities under which the sender of this number is remembered. */
  identitiesOf: (number: string) => string[];
  /** Called when a contact has changed, and once for a sender that wasn't watched before. */
  onContact: (contact: ShownContact) => void;
}

/** What a page shows about a sender. */
export interface ShownContact {
  sender: string;
  /** Null: the sender gets automatic replies. `everyone-paused`: only because all automatic replies are paused. */
  state: ContactState | 'everyone-paused' | null;
  /** ISO 8601. */
  since?: string | undefined;
  /** ISO 8601. Absent: for good. */
  until?: string | undefined;
  source?: string | undefined;
}

/** How often contacts are looked at without a cause: a pause ends by itself, and commands change contacts. */
const lookEveryMs = 3_000;

interface Watched {
  last?: ShownContact;
  look: () => Promise<void>;
}

/** Looks in Temporal at the contacts of watched senders, with one look per sender at a time. */
export function createContactWatcher({ contacts, identitiesOf, onContact }: ContactWatcherOptions) {
  const watched = new Map<string, Watched>();
  const clock = setInterval(() => {
    for (const { look } of watched.values()) void look();
  }, lookEveryMs).unref();

  async function lookAt(sender: string, number: string): Promise<ShownContact> {
    const own = await contacts.find(identitiesOf(number));
    const found = own ?? (await contacts.findEveryone());
    if (!found) return { sender, state: null };
    const { since, until, source } = found;
    return { sender, state: own ? own.state : 'everyone-paused', since, until, source };
  }

  function create(sender: string, number: string): Watched {
    const one: Watched = {
      look: oneAtATime(async () => {
        if (watched.get(sender) !== one) return;
        // While Temporal doesn't respond, pages show what was true before.
        const contact = await lookAt(sender, number).catch(() => one.last);
        if (watched.get(sender) !== one || JSON.stringify(contact) === JSON.stringify(one.last) || !contact) return;
        one.last = contact;
        onContact(contact);
      }),
    };
    return one;
  }

  return {
    /** Watches a sender, or reports again what is known when it is watched already. */
    watch(sender: string, number: string): void {
      const one = watched.get(sender) ?? create(sender, number);
      watched.set(sender, one);
      if (one.last) onContact(one.last);
      void one.look();
    },
    /** Looks at once, if the sender is watched. Resolves when pages know what was found. */
    look: async (sender: string): Promise<void> => watched.get(sender)?.look(),
    /** Forgets all other senders. */
    keepOnly(senders: ReadonlySet<string | undefined>): void {
      for (const sender of watched.keys()) if (!senders.has(sender)) watched.delete(sender);
    },
    close: (): void => {
      clearInterval(clock);
      watched.clear();
    },
  };
}
