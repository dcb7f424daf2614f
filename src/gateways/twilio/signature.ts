import { createHmac, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import { type Form, parseForm } from './form.js';

/** The header with the signature: https://www.twilio.com/docs/usage/webhooks/webhooks-security */
export const signatureHeader = 'X-Twilio-Signature';

/** An HMAC-SHA1 in base64. */
export const signaturePattern = /^[A-Za-z0-9+/]{27}=$/;

export interface SignedPost {
  /** The URL that is registered at Twilio, with its query. */
  url: string;
  body: Buffer;
  /** In the form of `signaturePattern`. */
  signature: string;
}

/**
 * Verifies the signature of a form: the base64 HMAC-SHA1 of the URL and the sorted parameters, keyed with one of the
 * tokens. Every pair of token and form of the URL is compared, each in constant time. A form with too many parameters
 * has no valid signature.
 */
export function isSigned({ url, body, signature }: SignedPost, authTokens: readonly string[]): boolean {
  const form = parseForm(body);
  if (!form) return false;
  const parameters = signedParameters(form);
  const offered = Buffer.from(signature);
  return authTokens
    .flatMap((token) => signedUrls(url).map((one) => createHmac('sha1', token).update(one).update(parameters)))
    .map((hmac) => timingSafeEqual(offered, Buffer.from(hmac.digest('base64'))))
    .includes(true);
}

/** Names and values without anything between them, sorted; each different value of a name counts once. */
const signedParameters = (form: Form): string =>
  [...form.keys()]
    .sort()
    .flatMap((name) => [...new Set(form.get(name))].sort().map((value) => name + value))
    .join('');

/**
 * Returns the forms of a URL that Twilio may have signed. Its servers disagree about the standard port and about
 * escapes, so the official check accepts all of these:
 * https://github.com/twilio/twilio-node/blob/main/src/webhooks/webhooks.ts
 */
function signedUrls(url: string): string[] {
  const normalized = new URL(url).href;
  const forms = [url, normalized, withQueryEncodedAgain(normalized)];
  return [...new Set(forms.flatMap((form) => [withoutPort(form), withPort(form)]))];
}

function withQueryEncodedAgain(url: string): string {
  const queryStart = url.indexOf('?') + 1;
  if (queryStart === 0 || queryStart === url.length) return url;
  return url.slice(0, queryStart) + stringify(parse(url.slice(queryStart)));
}

/** Scheme, host and port. */
const origin = /^(https?:)\/\/(\[[^\]]*\]|[^/?#:]*)(:\d+)?/i;

const withoutPort = (url: string): string => url.replace(origin, '$1//$2');

const withPort = (url: string): string =>
  url.replace(origin, (_origin, scheme: string, host: string, port?: string) => {
    const standardPort = scheme.toLowerCase() === 'https:' ? ':443' : ':80';
    return `${scheme}//${host}${port ?? standardPort}`;
  });
