import { createPublicKey, verify } from 'node:crypto';
import type { RequestHead, Verification } from '../gateway.js';
import { isRecent } from '../signed-at.js';

/** The headers of a post. https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks */
export const signatureHeaders = { signature: 'telnyx-signature-ed25519', timestamp: 'telnyx-timestamp' } as const;

/** What comes before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Creates the verification of requests: the timestamp (Unix seconds) is recent, and the signature is the Ed25519
 * signature (base64) of the timestamp, "|" and the raw body. Nothing secret is compared: the key is public.
 *
 * @param publicKey 32 bytes in base64
 */
export function createVerify(publicKey: string): (head: RequestHead, nowMs?: number) => Verification {
  const key = createPublicKey({
    key: Buffer.concat([spkiPrefix, Buffer.from(publicKey, 'base64')]),
    format: 'der',
    type: 'spki',
  });
  return ({ headers }, nowMs = Date.now()) => {
    const timestamp = headers[signatureHeaders.timestamp];
    const signature = signatureOf(headers[signatureHeaders.signature]);
    if (typeof timestamp !== 'string' || !isRecent(timestamp, nowMs) || !signature) return 'refused';
    return (body) => verify(null, Buffer.concat([Buffer.from(`${timestamp}|`), body]), key, signature);
  };
}

/** Node joins a header that occurs twice with a comma, which isn't base64. */
function signatureOf(header: string | string[] | undefined): Buffer | undefined {
  return typeof header === 'string' && /^[A-Za-z0-9+/]{86}==$/.test(header) ? Buffer.from(header, 'base64') : undefined;
}
