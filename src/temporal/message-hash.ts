import { createHash } from 'node:crypto';
import { contentOf, type InboundMessage } from '../domain/message.js';

/** Tells messages apart: another text with the same id is another message. */
export function messageKey(message: Pick<InboundMessage, 'id' | 'text' | 'sender'>): string {
  return `${messageHash(message)} ${message.id}`;
}

/** Returns the SHA-256 of a message's content, in hex: see `contentOf`. */
export function messageHash(message: Pick<InboundMessage, 'text' | 'sender'>): string {
  return createHash('sha256').update(contentOf(message)).digest('hex');
}
