import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createVerify } from '../../../src/gateways/telnyx/verify.js';
import { signedHeaders, vectorBody, vectorKey, vectorSeconds, vectorSignature } from './posts.js';

const verify = createVerify(vectorKey);
const vectorHeaders = { 'telnyx-timestamp': String(vectorSeconds), 'telnyx-signature-ed25519': vectorSignature };

/** Verifies a post as the api does: first its head, then its body. */
function accepts(
  body: string | Buffer,
  headers: Record<string, string | string[] | undefined>,
  nowSeconds = vectorSeconds,
) {
  const verification = verify({ headers, query: {}, target: '/api/webhook/telnyx' }, nowSeconds * 1_000);
  return typeof verification === 'function' ? verification(Buffer.from(body)) : verification;
}

it('a post that Telnyx signed is accepted', () => {
  expect(accepts(vectorBody, vectorHeaders)).toBe(true);
  expect(signedHeaders(vectorBody)).toEqual(vectorHeaders);
});

it('each byte of a post is signed', () => {
  const bytes = Buffer.from(vectorBody);
  for (const at of [0, 100, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] as number) ^ 1;
    expect(accepts(changed, vectorHeaders)).toBe(false);
  }
  expect(accepts(`${vectorBody} `, vectorHeaders)).toBe(false);
  expect(accepts(`\uFEFF${vectorBody}`, vectorHeaders)).toBe(false);
  expect(accepts('', vectorHeaders)).toBe(false);
});

it.each([
  ['300 s ago', 300, true],
  ['301 s ago', 301, 'refused'],
  ['300 s ahead', -300, true],
  ['301 s ahead', -301, 'refused'],
])('a post that was signed %s', (_when, age, expected) => {
  expect(accepts(vectorBody, vectorHeaders, vectorSeconds + age)).toBe(expected);
});

it.each([
  ['without a signature', { 'telnyx-signature-ed25519': undefined }],
  ['without a timestamp', { 'telnyx-timestamp': undefined }],
  ['with an empty signature', { 'telnyx-signature-ed25519': '' }],
  ['with a signature that is cut short', { 'telnyx-signature-ed25519': vectorSignature.slice(0, -4) }],
  ['with a signature in base64url', { 'telnyx-signature-ed25519': vectorSignature.replaceAll('/', '_') }],
  ['with two signatures in one header', { 'telnyx-signature-ed25519': `${vectorSignature}, ${vectorSignature}` }],
  ['with a list of signatures', { 'telnyx-signature-ed25519': [vectorSignature, vectorSignature] }],
  ['with two timestamps in one header', { 'telnyx-timestamp': `${vectorSeconds}, ${vectorSeconds}` }],
  ['with a list of timestamps', { 'telnyx-timestamp': [String(vectorSeconds)] }],
  ['at no time', { 'telnyx-timestamp': 'now' }],
  ['at a time in milliseconds', { 'telnyx-timestamp': `${vectorSeconds}000` }],
  ['at a time with a sign', { 'telnyx-timestamp': `+${vectorSeconds}` }],
  ['at a fraction of a second', { 'telnyx-timestamp': `${vectorSeconds}.0` }],
])('a post %s is refused before its body is read', (_what, headers) => {
  expect(accepts(vectorBody, { ...vectorHeaders, ...headers })).toBe('refused');
});

it('a post that was signed by another key, or at another time than it says, is refused', () => {
  expect(accepts(vectorBody, signedHeaders(vectorBody, { firstByte: 1 }))).toBe(false);
  expect(accepts(vectorBody, { ...vectorHeaders, 'telnyx-timestamp': String(vectorSeconds - 1) })).toBe(false);
  expect(accepts(vectorBody, { ...vectorHeaders, 'telnyx-timestamp': `0${vectorSeconds}` })).toBe(false);
});

it('of any body, its own signature is valid and that of another body is not', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      fc.pre(!one.equals(other));
      expect(accepts(one, signedHeaders(one))).toBe(true);
      expect(accepts(one, signedHeaders(other))).toBe(false);
    }),
  );
});
