import { randomBytes } from 'node:crypto';
import type { ReceiptState } from '../../domain/receipt.js';
import type { AskedText, SentText } from './dialect.js';

/** Makes a text of what a request asks to send. */
export const sentTextOf = (asked: AskedText): SentText => ({
  id: randomBytes(20).toString('hex'),
  ...asked,
  at: new Date().toISOString(),
});

/** Counts all accepted texts and keeps the newest `limit`. */
export function createSent(limit = 100_000) {
  let count = 0;
  let texts: SentText[] = [];
  const listeners: Array<(text: SentText) => void> = [];
  const receiptListeners: Array<(id: string, state: ReceiptState) => void> = [];
  return {
    /** Registers a listener that is called when the webhook has accepted a receipt of a text. */
    onReceipt: (listener: (id: string, state: ReceiptState) => void) => void receiptListeners.push(listener),
    receipt(id: string, state: ReceiptState): void {
      for (const listener of receiptListeners) listener(id, state);
    },
    /** Registers a listener that is called with each accepted text. */
    onAdded: (listener: (text: SentText) => void) => void listeners.push(listener),
    get count() {
      return count;
    },
    /** Oldest first. */
    get texts(): readonly SentText[] {
      return texts;
    },
    add(accepted: SentText): void {
      count += 1;
      texts.push(accepted);
      if (texts.length > limit) texts.shift();
      for (const listener of listeners) listener(accepted);
    },
    clear() {
      count = 0;
      texts = [];
    },
  };
}

export type Sent = ReturnType<typeof createSent>;
