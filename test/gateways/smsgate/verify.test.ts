import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RequestHead } from '../../../src/gateways/gateway.js';
import { createVerify } from '../../../src/gateways/smsgate/verify.js';
import { acceptedAt, settings, signed, vector } from './posts.js';

type Headers = RequestHead['headers'];

function isVerified(headers: Headers, body: string | Buffer, signingKeys = settings.signingKeys): boolean {
  const verification = createVerify({ signingKeys })({ headers });
  expect(verification).not.toBe('verified');
  return typeof verification === 'function' && verification(Buffer.from(body));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: acceptedAt });
});
afterEach(() => vi.useRealTimers());

const good = { 'x-timestamp': vector.timestamp, 'x-signature': vector.signature };
const at = (offsetSeconds: number) => signed(vector.body, { at: acceptedAt.getTime() + offsetSeconds * 1_000 });

describe('a post', () => {
  it.each<[string, Headers, (readonly string[])?]>([
    ['as the app signs it', good],
    ['by the second of two phones', good, ['the-key-of-a-phone', 'k3y-from-the-phone']],
    ['five minutes ago', at(-300)],
    ['by a clock that is five minutes ahead', at(300)],
  ])('signed %s is verified', (_how, headers, keys) => {
    expect(isVerified(headers, vector.body, keys)).toBe(true);
  });

  const { signature } = vector;
  it.each<[string, Headers, string?]>([
    ['not at all', {}],
    ['without its time', { 'x-signature': signature }],
    ['with a time alone', { 'x-timestamp': vector.timestamp }],
    ['by another key', signed(vector.body, { key: 'k3y-from-another', at: acceptedAt.getTime() })],
    ['for a body with one byte changed', good, vector.body.replace('Yes', 'yes')],
    ['for a body with a byte more', good, `${vector.body} `],
    ['and written again', good, JSON.stringify(JSON.parse(vector.body), null, 1)],
    ['more than five minutes ago', at(-301)],
    ['in more than five minutes', at(301)],
    ['at another time than it says', { ...good, 'x-timestamp': String(Number(vector.timestamp) - 1) }],
    ['at no time', { ...good, 'x-timestamp': 'now' }],
    ['with two times', { ...good, 'x-timestamp': `${vector.timestamp}, ${vector.timestamp}` }],
    ['with a list of times', { ...good, 'x-timestamp': [vector.timestamp, vector.timestamp] }],
    ['with two signatures', { ...good, 'x-signature': `${signature}, ${signature}` }],
    ['with a list of signatures', { ...good, 'x-signature': [signature, signature] }],
    ['with a signature cut short', { ...good, 'x-signature': signature.slice(0, -2) }],
    ['with a signature that goes on', { ...good, 'x-signature': `${signature}00` }],
    ['in capitals', { ...good, 'x-signature': signature.toUpperCase() }],
  ])('signed %s is refused', (_how, headers, body = vector.body) => {
    expect(isVerified(headers, body)).toBe(false);
  });
});

it('any body is verified by its own signature, and by that of no other body', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(bytes, bytes, (body, other) => {
      expect(isVerified(signed(body), body)).toBe(true);
      expect(isVerified(signed(other), body)).toBe(other.equals(body));
    }),
  );
});
