import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSigned } from '../../../src/gateways/sms-mobile-api/signature.js';
import { startTestApi, type TestApi } from '../../helpers/api.js';
import { anEvent, aPost } from '../../helpers/messages.js';
import { signedHeaders } from '../../helpers/signing.js';

const secret = 'signing-secret-of-now';
const before = 'signing-secret-before';
const nextHeader = { as: 'X-SMSMobileAPI-Signature-Next' };

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi({ signingSecrets: [secret, before] });
});
afterEach(() => api.close());

const body = JSON.stringify(anEvent());

it.each([
  ['by the secret of now', signedHeaders(body, secret)],
  ['by the one before, while it is changed', signedHeaders(body, before)],
  ['in the second header, as the provider changes it', signedHeaders(body, secret, nextHeader)],
  [
    'by a secret we have not yet and by one we have',
    { ...signedHeaders(body, secret), ...signedHeaders(body, 'a-secret-of-tomorrow', nextHeader) },
  ],
  ['five minutes ago', signedHeaders(body, secret, { atMs: Date.now() - 297_000 })],
  ['by a clock that is ahead', signedHeaders(body, secret, { atMs: Date.now() + 297_000 })],
])('a post signed %s is accepted', async (_how, headers) => {
  expect((await api.post(body, { headers })).status).toBe(200);
  expect(api.acceptedPosts).toHaveLength(1);
});

const flipped = body.replace('Yes', 'yes');
const good = signedHeaders(body, secret);
const mark = good['X-SMSMobileAPI-Signature'] ?? '';
it.each<[string, string | Buffer, Record<string, string>]>([
  ['not at all', body, {}],
  ['with a time alone', body, { 'X-SMSMobileAPI-Timestamp': good['X-SMSMobileAPI-Timestamp'] ?? '' }],
  ['without its time', body, { 'X-SMSMobileAPI-Signature': mark }],
  ['by another secret', body, signedHeaders(body, 'a-secret-of-tomorrow')],
  ['with a signature that is cut short', body, { ...good, 'X-SMSMobileAPI-Signature': mark.slice(0, -1) }],
  ['with a signature that goes on', body, { ...good, 'X-SMSMobileAPI-Signature': `${mark}0` }],
  ['with another scheme', body, { ...good, 'X-SMSMobileAPI-Signature': mark.replace('v1=', 'v2=') }],
  ['without a scheme', body, { ...good, 'X-SMSMobileAPI-Signature': mark.slice(3) }],
  ['with two signatures in one header', body, { ...good, 'X-SMSMobileAPI-Signature': `${mark}, ${mark}` }],
  ['six minutes ago', body, signedHeaders(body, secret, { atMs: Date.now() - 360_000 })],
  ['in six minutes', body, signedHeaders(body, secret, { atMs: Date.now() + 360_000 })],
  [
    'at another time than it says',
    body,
    { ...good, 'X-SMSMobileAPI-Timestamp': String(Math.floor(Date.now() / 1_000) - 1) },
  ],
  ['at no time', body, { ...good, 'X-SMSMobileAPI-Timestamp': 'now' }],
  ['and has one byte flipped', flipped, good],
  ['and was written again', JSON.stringify(JSON.parse(body), null, 1), good],
  [
    'and got another normal form',
    body.replace('Yes', 'Ye\u0301s').normalize('NFC'),
    signedHeaders(body.replace('Yes', 'Ye\u0301s'), secret),
  ],
])('a post signed %s is refused without a reason', async (_how, sent, headers) => {
  const response = await api.post(sent, { headers });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({
    type: '/problems/unauthenticated',
    status: 401,
    title: 'Not authenticated',
    detail: 'The request is not authenticated.',
  });
  expect(api.acceptedPosts).toEqual([]);
});

it('is verified before the body is parsed: signed junk is a 400, unsigned junk a 401', async () => {
  expect((await api.post('{', { headers: signedHeaders('{', secret) })).status).toBe(400);
  expect((await api.post('{', { headers: signedHeaders('{', 'a-secret-of-tomorrow') })).status).toBe(401);
});

describe('with a token too', () => {
  const token = 'a-webhook-secret_0.1~2';
  let guarded: TestApi;
  beforeEach(async () => {
    guarded = await startTestApi({ token, signingSecrets: [secret] });
  });
  afterEach(() => guarded.close());

  it('either is enough, for either format, and one text through both is the same message', async () => {
    const event = JSON.stringify(anEvent({ guid: 'twice' }));
    expect((await guarded.post(event, { headers: signedHeaders(event, secret) })).status).toBe(200);
    expect((await guarded.post(aPost({ guid: 'twice' }), { headers: { 'X-Webhook-Secret': token } })).status).toBe(200);
    const [first, second] = guarded.acceptedPosts.map(({ messages }) => messages[0]);
    expect([first?.id, first?.from, first?.text]).toEqual([second?.id, second?.from, second?.text]);
  });

  it('a wrong signature with the right token is accepted, and neither is a 401', async () => {
    const wrong = signedHeaders(body, 'a-secret-of-tomorrow');
    expect((await guarded.post(body, { headers: { ...wrong, 'X-Webhook-Secret': token } })).status).toBe(200);
    expect((await guarded.post(body, { headers: wrong })).status).toBe(401);
    expect((await guarded.post(body)).status).toBe(401);
  });
});

describe('for any body', () => {
  const headersOf = (signed: Record<string, string>) =>
    Object.fromEntries(Object.entries(signed).map(([name, value]) => [name.toLowerCase(), value]));
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

  it('its own signature is valid', () => {
    fc.assert(
      fc.property(bytes, (any) => {
        expect(isSigned(headersOf(signedHeaders(any, secret)), any, [before, secret])).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('the signature of another body is not, nor any other header', () => {
    fc.assert(
      fc.property(bytes, bytes, fc.string({ unit: 'binary' }), (any, other, junk) => {
        fc.pre(!any.equals(other));
        const headers = headersOf(signedHeaders(any, secret));
        expect(isSigned(headers, other, [secret])).toBe(false);
        expect(isSigned({ ...headers, 'x-smsmobileapi-signature': junk }, any, [secret])).toBe(false);
        expect(
          isSigned({ ...headers, 'x-smsmobileapi-timestamp': `${headers['x-smsmobileapi-timestamp']}${junk}x` }, any, [
            secret,
          ]),
        ).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
