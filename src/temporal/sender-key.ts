import { createHmac } from 'node:crypto';
import type { Secrets } from '../process/installation-secret.js';
import { deriveKey } from '../secrets/derive-key.js';

/**
 * Returns a keyed hash of a sender: the value of the search attribute Sender, and the key by which servers with
 * fairness serve senders in turn. Temporal shows both unencrypted, so it doesn't reveal the number.
 */
export type SenderKey = (sender: string) => string;

/** 22 base64url characters are 132 bits. Temporal accepts fairness keys of up to 64 bytes. */
const keyLength = 22;

/** One for each secret of ANSWERBACK_SECRET: the first writes, all of them are read. */
export type SenderKeys = readonly [SenderKey, ...SenderKey[]];

export function createSenderKeys([first, ...others]: Secrets): SenderKeys {
  return [createSenderKey(first), ...others.map(createSenderKey)];
}

/** @param secret one of ANSWERBACK_SECRET */
export function createSenderKey(secret: string): SenderKey {
  const key = deriveKey(secret, 'sender');
  return (sender) => createHmac('sha256', key).update(sender).digest('base64url').slice(0, keyLength);
}
