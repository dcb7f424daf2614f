import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isRecent } from '../signed-at.js';

/**
 * The headers of a signed post. The second signature is present while the provider's secret is being changed.
 * https://github.com/SmsMobileApi/smsmobileapi-webhook-examples (SECURITY.md)
 */
export const signatureHeaders = {
  timestamp: 'x-smsmobileapi-timestamp',
  signatures: ['x-smsmobileapi-signature', 'x-smsmobileapi-signature-next'],
} as const;

/** Checks that a request has a recent timestamp and a signature. The signature itself isn't verified. */
export function claimsSignature(headers: IncomingHttpHeaders, nowMs = Date.now()): boolean {
  return isRecent(timestampOf(headers), nowMs) && signaturesIn(headers).length > 0;
}

/**
 * Verifies a signed post: its timestamp (Unix seconds) is recent, and one of its signatures is `v1=` and the hex
 * HMAC-SHA256 of timestamp, "." and the raw body with one of the secrets. Every pair is compared, each in constant
 * time.
 */
export function isSigned(
  headers: IncomingHttpHeaders,
  body: Buffer,
  secrets: readonly string[],
  nowMs = Date.now(),
): boolean {
  const timestamp = timestampOf(headers);
  if (!isRecent(timestamp, nowMs)) return false;
  const signatures = signaturesIn(headers);
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest());
  return expected.flatMap((one) => signatures.map((other) => timingSafeEqual(one, other))).includes(true);
}

const timestampOf = (headers: IncomingHttpHeaders) => String(headers[signatureHeaders.timestamp] ?? '');

function signaturesIn(headers: IncomingHttpHeaders): Buffer[] {
  const hexes = signatureHeaders.signatures.map((name) => /^v1=([0-9a-f]{64})$/.exec(String(headers[name] ?? ''))?.[1]);
  return hexes.filter((hex) => hex !== undefined).map((hex) => Buffer.from(hex, 'hex'));
}
