import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { isToken } from '../../../src/gateways/httpsms/token.js';
import { settings } from './setup.js';
import { signedToken, signingKey, vectorAt, vectorToken as vector } from './tokens.js';

const at = vectorAt.getTime();
const isValid = (token: string, options: Partial<typeof settings> = {}, nowMs = at) =>
  isToken(token, { ...settings, ...options }, nowMs);

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

const signed = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  signedToken({ claims, header });

it('the token of the vector is valid', () => {
  expect(isValid(vector)).toBe(true);
});

it('a token with one character changed is not, wherever it is', () => {
  for (let index = 0; index < vector.length; index += 1) {
    for (const other of ['A', 'd', '.', ' ']) {
      const changed = vector.slice(0, index) + other + vector.slice(index + 1);
      if (changed !== vector) expect(isValid(changed), `character ${index}: ${other}`).toBe(false);
    }
  }
});

it.each([
  ['of another key', { signingKeys: ['another-signing-key'] }, false],
  ['of one of several keys', { signingKeys: ['another-signing-key', signingKey] }, true],
  ['of no key', { signingKeys: [] }, false],
  ['for another host', { webhookUrl: 'https://other.example.org/api/webhook/httpsms' }, false],
  ['for another path', { webhookUrl: `${settings.webhookUrl}/` }, false],
])('a token %s', (_what, options, expected) => {
  expect(isValid(vector, options)).toBe(expected);
});

it.each([
  [-661, false],
  [-660, true],
  [659, true],
  [660, false],
])('a token of now is, %i s later, valid: %s', (seconds, expected) => {
  expect(isValid(vector, {}, at + seconds * 1_000)).toBe(expected);
});

it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['without an algorithm', {}, { alg: 'none' }],
  ['of another algorithm', {}, { alg: 'HS512' }],
  ['of another type', {}, { typ: 'at+jwt' }],
  ['of no type', {}, { typ: undefined }],
  ['with an extension that must be understood', {}, { crit: ['exp'] }],
  ['of another issuer', { iss: 'httpsms.example.org' }, {}],
  ['without an issuer', { iss: undefined }, {}],
  ['for no audience', { aud: undefined }, {}],
  ['for an audience that only begins like ours', { aud: [`${settings.webhookUrl}2`] }, {}],
  ['without an end', { exp: undefined }, {}],
  ['with an end in words', { exp: '2030' }, {}],
  ['without a beginning', { nbf: undefined }, {}],
])('a signed token %s is refused', (_what, claims, header) => {
  expect(isValid(signed())).toBe(true);
  expect(isValid(signed(claims, header))).toBe(false);
});

it('the audience may be one of several, or a string', () => {
  expect(isValid(signed({ aud: ['https://example.com', settings.webhookUrl] }))).toBe(true);
  expect(isValid(signed({ aud: settings.webhookUrl }))).toBe(true);
});

it('a token without a signature is refused, and so are parts that are not JSON', () => {
  const [, payload] = vector.split('.');
  expect(isValid(`${encoded({ alg: 'none', typ: 'JWT' })}.${payload}.`)).toBe(false);
  const junk = 'bm9uc2Vuc2U.bm9uc2Vuc2U';
  expect(isValid(`${junk}.${createHmac('sha256', signingKey).update(junk).digest('base64url')}`)).toBe(false);
});
