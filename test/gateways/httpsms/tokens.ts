import { createHmac } from 'node:crypto';

export const signingKey = 'a-signing-key-of-your-own';

/** When the token of the vector was made. */
export const vectorAt = new Date('2026-11-24T13:40:00.000Z');

/** A token, as httpSMS makes it for the webhook at https://sms.example.org. */
export const vectorToken =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJhcGkuaHR0cHNtcy5jb20iLCJzdWIiOiJ1c3IwMDAwMDAwMDAwMDAwMDAwMDAwMDAw' +
  'MDAxIiwiYXVkIjpbImh0dHBzOi8vc21zLmV4YW1wbGUub3JnL2FwaS93ZWJob29rL2h0dHBzbXMiXSwiZXhwIjoxNzk1NTI4MjAwLCJuYmYiOjE3' +
  'OTU1MjcwMDAsImlhdCI6MTc5NTUyNzYwMH0.-r7XPrSA8FBqCV9eYSz26GAPBHy1K03I0US7a_Xoelc';

interface SignedToken {
  at?: Date;
  key?: string | undefined;
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
}

/** Returns a token that is signed rightly, whatever it says. */
export function signedToken({ at = vectorAt, key = signingKey, claims, header }: SignedToken = {}): string {
  const seconds = Math.floor(at.getTime() / 1_000);
  const allClaims = {
    iss: 'api.httpsms.com',
    aud: ['https://sms.example.org/api/webhook/httpsms'],
    exp: seconds + 600,
    nbf: seconds - 600,
    ...claims,
  };
  const parts = `${encoded({ alg: 'HS256', typ: 'JWT', ...header })}.${encoded(allClaims)}`;
  return `${parts}.${createHmac('sha256', key).update(parts).digest('base64url')}`;
}

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
