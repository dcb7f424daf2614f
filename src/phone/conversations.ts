import type { RunDetails } from '../temporal/runs.js';

/** A text that was written on the page, and what is known of it. */
export interface WrittenEntry {
  kind: 'written';
  /** Its GUID. */
  id: string;
  number: string;
  text: string;
  /** ISO 8601. */
  at: string;
  delivery: 'under way' | 'accepted' | 'not accepted';
  /** Why it was not accepted. */
  problem?: string;
  /** Absent until Temporal has it. */
  run?: RunDetails;
  /** The failure after which the reply was released from here, by its time: until there is another, it is being sent again. */
  releasedAfter?: string;
}

/** A text that the gateway was given to send, to any number. */
interface ReplyEntry {
  kind: 'reply';
  /** The gateway's id of it. */
  id: string;
  number: string;
  text: string;
  /** ISO 8601. */
  at: string;
}

export type Entry = WrittenEntry | ReplyEntry;

interface Listeners {
  onChanged: (entry: Entry) => void;
  /** An old one made room for a new one. */
  onDropped: (entry: Entry) => void;
}

/** What was written and replied, the newest `limit` of all numbers together; nothing of it outlives the process. */
export function createConversations({ onChanged, onDropped }: Listeners, limit = 200) {
  const entries = new Map<string, Entry>();
  return {
    /** Oldest first. */
    entries: (): Entry[] => [...entries.values()],
    written(guid: string): WrittenEntry | undefined {
      const entry = entries.get(guid);
      return entry?.kind === 'written' ? entry : undefined;
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
    /** Changes one that is still there. */
    change(guid: string, changes: Partial<Omit<WrittenEntry, 'kind' | 'id'>>): void {
      const entry = entries.get(guid);
      if (entry?.kind !== 'written') return;
      const changed = { ...entry, ...changes };
      entries.set(guid, changed);
      onChanged(changed);
    },
  };
}
