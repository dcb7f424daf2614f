import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * The headers of a signed delivery. The second signature is there while the provider changes its secret.
 * https://github.com/SmsMobileApi/smsmobileapi-webhook-examples (SECURITY.md)
 */
export const signatureHeaders = {
  timestamp: 'x-smsmobileapi-timestamp',
  signatures: ['x-smsmobileapi-signature', 'x-smsmobileapi-signature-next'],
} as const;

/** How far the sender's clock and ours may differ, and how old a delivery may be, in seconds. */
export const toleranceSeconds = 300;

/** Whether a request claims to be signed just now; nothing says yet that the claim is true. */
export function claimsSignature(headers: IncomingHttpHeaders, nowMs = Date.now()): boolean {
  return isOfNow(timestampOf(headers), nowMs) && offeredIn(headers).length > 0;
}

/**
 * Whether one of the signatures is `v1=` and the hex HMAC-SHA256 of timestamp, "." and the raw body under one of the secrets,
 * and the timestamp (Unix seconds) is of now. Every pair is compared, each in constant time.
 */
export function isSigned(headers: IncomingHttpHeaders, body: Buffer, secrets: readonly string[], nowMs = Date.now()): boolean {
  const timestamp = timestampOf(headers);
  if (!isOfNow(timestamp, nowMs)) return false;
  const offered = offeredIn(headers);
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest());
  return expected.flatMap((one) => offered.map((other) => timingSafeEqual(one, other))).includes(true);
}

const timestampOf = (headers: IncomingHttpHeaders) => String(headers[signatureHeaders.timestamp] ?? '');

function isOfNow(timestamp: string, nowMs: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1_000 - Number(timestamp)) <= toleranceSeconds;
}

function offeredIn(headers: IncomingHttpHeaders): Buffer[] {
  const hexes = signatureHeaders.signatures.map((name) => /^v1=([0-9a-f]{64})$/.exec(String(headers[name] ?? ''))?.[1]);
  return hexes.filter((hex) => hex !== undefined).map((hex) => Buffer.from(hex, 'hex'));
}
