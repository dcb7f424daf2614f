import { ProblemError } from '../../http/problem.js';
import type { ReceiptState } from '../../domain/receipt.js';
import type { RunDetails } from '../../temporal/runs/run.js';

/** A text that was written on the page, and its state. */
export interface WrittenEntry {
  kind: 'written';
  /** The id of its message, which is that of its run. */
  id: string;
  /** The provider's id of it. */
  guid: string;
  /** As it was written on the page. */
  number: string;
  /** The number as one identity for all its notations: the page shows all entries of one sender together. */
  sender: string;
  text: string;
  /** ISO 8601. */
  at: string;
  /** The state of its post to the webhook. */
  post: 'under way' | 'accepted' | 'not accepted';
  /** Why it was not accepted. */
  problem?: string;
  /** Absent until Temporal has the run. */
  run?: RunDetails;
  /**
   * The time of the last failure before the reply was released on this page. The reply counts as being sent again until
   * there is another failure.
   */
  releasedAfter?: string;
}

/** A reply that the gateway accepted, to any number. */
interface ReplyEntry {
  kind: 'reply';
  /** The gateway's id of the reply. */
  id: string;
  number: string;
  sender: string;
  text: string;
  /** ISO 8601. */
  at: string;
  /** Our id of the send, where the gateway has one: it begins with the id of the run. */
  mark?: string | undefined;
  /** What the gateway has said of it since. */
  receipt?: ReceiptState;
}

export type Entry = WrittenEntry | ReplyEntry;

interface Listeners {
  onChanged: (entry: Entry) => void;
  /** Called for an old entry that was removed to make room for a new one. */
  onDropped: (entry: Entry) => void;
}

/** Keeps the newest `limit` texts and replies of all numbers together, in memory only. */
export function createConversations({ onChanged, onDropped }: Listeners, limit = 200) {
  const entries = new Map<string, Entry>();

  function written(guid: string): WrittenEntry | undefined {
    const entry = entries.get(guid);
    return entry?.kind === 'written' ? entry : undefined;
  }

  return {
    /** Oldest first. */
    entries: (): Entry[] => [...entries.values()],
    written,
    /** @throws {ProblemError} 404 when the text was dropped */
    writtenOr404(guid: string): WrittenEntry {
      const entry = written(guid);
      if (entry) return entry;
      throw new ProblemError('not-found', { detail: 'This text is no longer shown here. Reload the page.' });
    },
    add(entry: Entry): void {
      entries.set(entry.id, entry);
      onChanged(entry);
      for (const oldest of entries.values()) {
        if (entries.size <= limit) break;
        entries.delete(oldest.id);
        onDropped(oldest);
      }
    },
    /** Notes what the gateway says of a reply; does nothing when it was dropped. */
    receive(id: string, receipt: ReceiptState): void {
      const entry = entries.get(id);
      if (entry?.kind !== 'reply') return;
      const changed = { ...entry, receipt };
      entries.set(id, changed);
      onChanged(changed);
    },
    /** Changes a text; does nothing when it was dropped. */
    change(guid: string, changes: Partial<Omit<WrittenEntry, 'kind' | 'id'>>): void {
      const entry = entries.get(guid);
      if (entry?.kind !== 'written') return;
      const changed = { ...entry, ...changes };
      entries.set(guid, changed);
      onChanged(changed);
    },
  };
}

export type Conversations = ReturnType<typeof createConversations>;
