import { hkdfSync } from 'node:crypto';

/** Derives a key of 32 bytes from ANSWERBACK_SECRET, a separate one for each purpose. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `answerback secret ${purpose}`, 32));
}
