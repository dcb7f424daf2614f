import { createHmac } from 'node:crypto';
import { deriveKey } from '../../secrets/derive-key.js';
import { prefixedMessageId } from '../message-id.js';
import { name } from './name.js';

/** What identifies a text. */
interface IdentifiedText {
  deviceId: string;
  from: string;
  /** The same for each post of the text, whatever the time zone of the phone is by then. */
  receivedAt: string;
  text: string;
}

/**
 * Creates the function that returns the message id of a text. The app has no usable id, so it is a hash of the text
 * itself. The hash is keyed, since few numbers and few texts would otherwise be guessed from it.
 *
 * @param secret the first of ANSWERBACK_SECRET
 */
export function createTextId(secret: string): (text: IdentifiedText) => string {
  const key = deriveKey(secret, 'id of an SMSGate text');
  return ({ deviceId, from, receivedAt, text }) => {
    const identity = JSON.stringify([deviceId, from, receivedAt, text]);
    return prefixedMessageId(name, createHmac('sha256', key).update(identity).digest('base64url'));
  };
}
