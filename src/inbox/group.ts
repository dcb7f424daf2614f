import type { Delivery } from '../api/intake.js';
import type { Change } from './database.js';

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] extends ReadonlyArray<infer Item> ? Item[] : Type[Key] };

interface Waiting {
  sinceMs: number;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** What goes into one commit: deliveries that wait for it, and notes of the forwarder that nobody waits for. */
export function createGroup() {
  const change: Mutable<Change> = { guids: [], texts: [], messages: [], quarantined: [], forwarded: [], stuck: [] };
  let waiting: Waiting[] = [];
  let touched = false;

  return {
    change: change as Change,

    isEmpty: () => !touched && change.guids.length + change.quarantined.length + change.forwarded.length + change.stuck.length === 0,

    /** Whether somebody waits for the commit. */
    isAwaited: () => waiting.length > 0,

    /** Makes the commit happen although it changes nothing. */
    touch: () => void (touched = true),

    /** Settles with the commit. */
    add({ messages, rejected }: Delivery): Promise<void> {
      for (const message of messages) {
        change.guids.push(message.guid);
        change.texts.push(message.text);
        change.messages.push(JSON.stringify(message));
      }
      for (const { reason, raw } of rejected) change.quarantined.push({ reason, raw });
      return new Promise((resolve, reject) => waiting.push({ sinceMs: performance.now(), resolve, reject }));
    },

    noteForwarded: (forwarded: Change['forwarded'][number]) => void change.forwarded.push(forwarded),
    noteStuck: (stuck: Change['stuck'][number]) => void change.stuck.push(stuck),

    /** After a commit that failed: its notes are still true. */
    keepNotesOf(other: { change: Change }) {
      change.forwarded = other.change.forwarded.concat(change.forwarded);
      change.stuck = other.change.stuck.concat(change.stuck);
    },

    resolve() {
      for (const { resolve } of waiting) resolve();
    },

    reject(error: Error) {
      for (const { reject } of waiting) reject(error);
    },

    /** Tells those who have waited since before then, on the clock of `performance.now()`; their messages stay in the commit, where a redelivery is a duplicate. */
    rejectOlderThan(sinceMs: number, error: Error) {
      for (const late of waiting.filter((one) => one.sinceMs < sinceMs)) late.reject(error);
      waiting = waiting.filter((one) => one.sinceMs >= sinceMs);
    },
  };
}

export type Group = ReturnType<typeof createGroup>;
