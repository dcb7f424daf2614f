import { randomBytes } from 'node:crypto';

/** A text that the simulated gateway accepted. The gateway never deduplicates: each accepted request adds one. */
export interface SentText {
  id: string;
  to: string;
  text: string;
  /** ISO 8601. */
  at: string;
}

/** Counts all accepted texts and keeps the newest `limit`. */
export function createSent(limit = 100_000) {
  let count = 0;
  let texts: SentText[] = [];
  const listeners: Array<(text: SentText) => void> = [];
  return {
    /** Registers a listener that is called with each accepted text. */
    onAdded: (listener: (text: SentText) => void) => void listeners.push(listener),
    get count() {
      return count;
    },
    /** Oldest first. */
    get texts(): readonly SentText[] {
      return texts;
    },
    add(to: string, text: string): SentText {
      const accepted = { id: randomBytes(20).toString('hex'), to, text, at: new Date().toISOString() };
      count += 1;
      texts.push(accepted);
      if (texts.length > limit) texts.shift();
      for (const listener of listeners) listener(accepted);
      return accepted;
    },
    clear() {
      count = 0;
      texts = [];
    },
  };
}

export type Sent = ReturnType<typeof createSent>;
