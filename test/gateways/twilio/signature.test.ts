import { describe, expect, it } from 'vitest';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { RequestHead } from '../../../src/gateways/gateway.js';
import { maxParameters } from '../../../src/gateways/twilio/form.js';
import type { TwilioSettings } from '../../../src/gateways/twilio/settings.js';
import { authToken, changed, inboundOf, postedBody, receiptBody } from './setup.js';

const target = '/api/webhook/twilio?line=front';
const signature = '6fefjpFaL6yhZ28YpcvgDuDRgKw=';
const otherToken = 'fedcba9876543210fedcba9876543210';

interface Request {
  body?: string;
  target?: string;
  headers?: RequestHead['headers'];
}

/** Whether a request is accepted; by default, that of the vector. */
function isVerified(
  { body = postedBody, target: received = target, headers = { 'x-twilio-signature': signature } }: Request = {},
  settings: Partial<TwilioSettings> = {},
): boolean {
  const verification = inboundOf(settings).verify({ headers, query: {}, target: received });
  return typeof verification === 'function' ? verification(Buffer.from(body)) : verification === 'verified';
}

/** A request that Twilio signed. */
function signed(body: string, { url, token = authToken }: { url: string; token?: string }): Request {
  const parameters: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(body)) (parameters[name] ??= []).push(value);
  return { body, headers: { 'x-twilio-signature': getExpectedTwilioSignature(token, url, parameters) } };
}

describe('a post with the signature of a published example', () => {
  it('of a text is accepted', () => {
    expect(isVerified()).toBe(true);
  });

  it('of a receipt is accepted', () => {
    const headers = { 'x-twilio-signature': 'lybewToSx8nAtbtJiUZQUKuBndo=' };
    expect(isVerified({ body: receiptBody, target: '/api/webhook/twilio/receipts', headers })).toBe(true);
  });

  it('is accepted in another order of its parameters', () => {
    expect(isVerified({ body: postedBody.split('&').reverse().join('&') })).toBe(true);
  });

  it.each<[string, Request]>([
    ['with one byte of the text changed', { body: postedBody.replace('Yes', 'yes') }],
    ['with a parameter more', { body: `${postedBody}&AddOns=` }],
    ['with a parameter less', { body: changed(postedBody, { NumMedia: undefined }) }],
    ['with a parameter twice, and two values', { body: `${postedBody}&To=%2B12065550100` }],
    ['with white space around a value', { body: postedBody.replace('Yes', '+Yes') }],
    ['with an empty body', { body: '' }],
    ['as JSON', { body: JSON.stringify(Object.fromEntries(new URLSearchParams(postedBody))) }],
    ['at another path', { target: '/api/webhook/twilio/x?line=front' }],
    ['with another query', { target: '/api/webhook/twilio?line=back' }],
    ['without the query', { target: '/api/webhook/twilio' }],
    ['with an absolute target', { target: 'https://sms.example.org/api/webhook/twilio?line=front' }],
  ])('is refused %s', (_, request) => {
    expect(isVerified(request)).toBe(false);
  });

  it.each<[string, string | string[] | undefined]>([
    ['is missing', undefined],
    ['is empty', ''],
    ['occurs twice', [signature, signature]],
    ['occurs twice, as Node joins it', `${signature}, ${signature}`],
    ['is cut short', signature.slice(0, -1)],
    ['goes on', `${signature}=`],
    ['has one bit changed that base64 ignores', signature.replace('w=', 'x=')],
    ['is in hex', Buffer.from(signature, 'base64').toString('hex')],
  ])('is refused when the header %s', (_, value) => {
    expect(isVerified({ headers: { 'x-twilio-signature': value } })).toBe(false);
  });

  it.each<[string, Partial<TwilioSettings>]>([
    ['another token', { authTokens: [otherToken] }],
    ['another public address', { publicUrl: 'https://sms.example.com' }],
    ['another scheme', { publicUrl: 'http://sms.example.org' }],
    ['a path in the public address', { publicUrl: 'https://sms.example.org/base' }],
  ])('is refused with %s in the settings', (_, settings) => {
    expect(isVerified({}, settings)).toBe(false);
  });

  it('is refused at a target that continues the host, whoever signed it', () => {
    const continued = `.evil.example${target}`;
    const request = signed(postedBody, { url: `https://sms.example.org${continued}` });
    expect(isVerified({ ...request, target: continued })).toBe(false);
  });

  it('never depends on the Host or on what a proxy says', () => {
    const headers = { 'x-twilio-signature': signature, host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    expect(isVerified({ headers })).toBe(true);
    const forwarded = { ...headers, 'x-forwarded-host': 'sms.example.org', 'x-forwarded-proto': 'https' };
    expect(isVerified({ headers: forwarded }, { publicUrl: 'https://sms.example.com' })).toBe(false);
  });
});

it.each([
  ['first', [authToken, otherToken]],
  ['last', [otherToken, authToken]],
] as const)('while the token is changed, a post signed with the %s one is accepted', (_, authTokens) => {
  expect(isVerified({}, { authTokens })).toBe(true);
});

describe('the address', () => {
  it.each([
    ['with the standard port', 'https://sms.example.org', 'https://sms.example.org:443', ''],
    ['without the standard port', 'https://sms.example.org:443', 'https://sms.example.org', ''],
    ['with the standard port of http', 'http://sms.example.org', 'http://sms.example.org:80', ''],
    ['with a port of its own', 'https://sms.example.org:8443', 'https://sms.example.org:8443', ''],
    ['without its own port', 'https://sms.example.org:8443', 'https://sms.example.org', ''],
    ['of an IPv6 host', 'http://[::1]:8000', 'http://[::1]:8000', ''],
    ['with a path', 'https://sms.example.org/base', 'https://sms.example.org:443/base', ''],
    ['with a query', 'https://sms.example.org', 'https://sms.example.org', "?m=a.1&n=it's%20(b)"],
  ])('may be signed %s', (_, publicUrl, signedBase, query) => {
    const received = `/api/webhook/twilio${query}`;
    const request = signed(postedBody, { url: `${signedBase}${received}` });
    expect(isVerified({ ...request, target: received }, { publicUrl })).toBe(true);
  });

  it('may be signed with its query encoded in another way', () => {
    const encodedAgain = signed(postedBody, { url: "https://sms.example.org/api/webhook/twilio?n=it's%20%2B" });
    expect(isVerified({ ...encodedAgain, target: '/api/webhook/twilio?n=it%27s+%2b' })).toBe(true);
  });

  it.each(['https://sms.example.org:80', 'https://sms.example.org:8443', 'http://sms.example.org'])(
    'may not be signed as %s',
    (base) => {
      expect(isVerified(signed(postedBody, { url: `${base}${target}` }))).toBe(false);
    },
  );
});

describe('a form', () => {
  const url = `https://sms.example.org${target}`;
  const withParameters = (count: number) => Array.from({ length: count }, (_, index) => `p${index}=x`).join('&');

  it('may repeat a parameter with the same or with another value', () => {
    expect(isVerified(signed(`${postedBody}&MediaUrl=b&MediaUrl=a&MediaUrl=b`, { url }))).toBe(true);
  });

  it('of the most parameters is accepted, and one more is refused', () => {
    expect(isVerified(signed(withParameters(maxParameters), { url }))).toBe(true);
    expect(isVerified(signed(withParameters(maxParameters + 1), { url }))).toBe(false);
  });

  it('bomb is refused', () => {
    expect(isVerified(signed('&'.repeat(1_000_000), { url }))).toBe(false);
  });
});
