import { randomBytes } from 'node:crypto';

/** A text the simulated gateway accepted, as often as it accepted it: it never deduplicates. */
export interface SentText {
  id: string;
  to: string;
  text: string;
  /** ISO 8601. */
  at: string;
}

/** All that was accepted is counted; the newest `limit` are kept. */
export function createSent(limit = 100_000) {
  let count = 0;
  let texts: SentText[] = [];
  const listeners: Array<(text: SentText) => void> = [];
  return {
    /** Called with every text that is accepted from now on. */
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
