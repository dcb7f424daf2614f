import { LRUCache } from 'lru-cache';
import type { InboundMessage } from '../domain/message.js';
import type { SenderList } from '../domain/sender-list.js';
import type { StartWorkflow } from './start-workflow.js';

export interface DoublesOptions {
  /** How far apart a message and its double are accepted at most, in milliseconds. 0: nothing is a double. */
  windowMs: number;
  /** Senders without doubles. */
  isExcepted: SenderList;
}

const maxRemembered = 20_000;

/**
 * Finds the doubles that a gateway makes: the same text of the same sender on the same line under another id, which was
 * accepted within the window, or which the phone received within it. A double is started as well, with the id of the
 * first one: it is considered like any text, and gets no reply. The window begins with the first one, so a text that
 * comes later than that is a new one. Only messages that this process starts are compared.
 */
export function withDoubles(startWorkflow: StartWorkflow, { windowMs, isExcepted }: DoublesOptions): StartWorkflow {
  if (windowMs === 0) return startWorkflow;
  const firsts = new LRUCache<string, Pick<InboundMessage, 'id' | 'acceptedAt' | 'receivedAt'>>({ max: maxRemembered });

  const isNear = (at?: string, firstAt?: string) =>
    at !== undefined && firstAt !== undefined && Math.abs(Date.parse(at) - Date.parse(firstAt)) <= windowMs;

  return async (message) => {
    if (isExcepted(message.sender)) return startWorkflow(message);
    const { id, acceptedAt, receivedAt, text, sender, gateway, to, line } = message;
    const key = JSON.stringify([text, sender, gateway, to, line]);
    const first = firsts.get(key);
    // A phone that posts old texts again may give another time of receipt than before, by a second or so.
    const isDouble =
      first && (isNear(acceptedAt, first.acceptedAt) || isNear(receivedAt, first.receivedAt)) && first.id !== id;
    if (isDouble) return startWorkflow({ ...message, doubleOf: first.id });

    // Before the start, since a double may be started at the same moment.
    const noted = { id, acceptedAt, receivedAt };
    firsts.set(key, noted);
    const forget = () => firsts.peek(key) === noted && firsts.delete(key);
    try {
      const outcome = await startWorkflow(message);
      // It is an old message that was posted again: a text that follows is not its double.
      if (outcome === 'duplicate') forget();
      return outcome;
    } catch (error) {
      forget();
      throw error;
    }
  };
}
