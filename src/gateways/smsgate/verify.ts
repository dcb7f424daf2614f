import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestHead, Verification } from '../gateway.js';
import type { SmsGateSettings } from './settings.js';
import { isRecent } from '../signed-at.js';

/** The headers of a post. https://docs.sms-gate.app/features/webhooks */
export const signatureHeaders = { timestamp: 'x-timestamp', signature: 'x-signature' } as const;

/**
 * Creates the verification of requests: the timestamp (Unix seconds) is recent, and the signature is the hex
 * HMAC-SHA256 of the raw body followed by the timestamp, with one of the keys. The phone signs each try again. All keys
 * are compared, each in constant time.
 */
export function createVerify({
  signingKeys,
}: Pick<SmsGateSettings, 'signingKeys'>): (head: Pick<RequestHead, 'headers'>) => Verification {
  return ({ headers }) => {
    const timestamp = String(headers[signatureHeaders.timestamp] ?? '');
    const signature = String(headers[signatureHeaders.signature] ?? '');
    if (!isRecent(timestamp) || !/^[0-9a-f]{64}$/.test(signature)) return 'refused';
    const offered = Buffer.from(signature, 'hex');
    return (body) =>
      signingKeys
        .map((key) => createHmac('sha256', key).update(body).update(timestamp).digest())
        .map((expected) => timingSafeEqual(expected, offered))
        .includes(true);
  };
}
