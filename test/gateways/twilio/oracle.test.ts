import fc from 'fast-check';
import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { expect, it } from 'vitest';
import { createTwilioDialect } from '../../../src/demo/simulated-gateway/dialects/twilio.js';
import { isSigned } from '../../../src/gateways/twilio/signature.js';
import { authToken, settings } from './setup.js';

/** These tests compare with the check in Twilio's own library. */
const numRuns = 400;

const anyString = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('&', '=', '+', '%', ' ', "'", '\r\n', '\u0000', 'é', '👍', 'a', '?'),
    maxLength: 8,
  }),
);
// Twilio's library keeps the parameters as an object.
const anyName = anyString.filter((name) => name !== '__proto__');
const anyForm = fc.array(fc.tuple(anyName, anyString), { maxLength: 20 });

const anyOrigin = fc.constantFrom(
  'https://sms.example.org',
  'https://sms.example.org:443',
  'https://SMS.example.org:8443',
  'http://127.0.0.1:8000',
  'http://[::1]',
  'https://sms.example.org/base',
);
const anyQuery = fc.oneof(
  fc.constant(''),
  fc
    .string({ unit: fc.constantFrom('m=', '&', "'", '%20', '%27', '+', '%2b', 'a', 'é', '(', '?'), maxLength: 10 })
    .map((query) => `?${query}`),
);
const anyUrl = fc.tuple(anyOrigin, anyQuery).map(([origin, query]) => `${origin}/api/webhook/twilio${query}`);

const bodyOf = (form: Array<[string, string]>): string => new URLSearchParams(form).toString();

function parametersOf(body: string): Record<string, string | string[]> {
  const form = new URLSearchParams(body);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const [value = '', ...others] = form.getAll(name);
      return [name, others.length > 0 ? [value, ...others] : value];
    }),
  );
}

const official = (url: string, body: string, signature: string): boolean =>
  validateRequest(authToken, signature, url, parametersOf(body));

const ours = (url: string, body: string, signature: string): boolean =>
  isSigned({ url, body: Buffer.from(body), signature }, [authToken]);

it("Twilio's check accepts the posts of the simulated gateway", () => {
  fc.assert(
    fc.property(anyUrl, anyString, anyString, (webhookUrl, text, number) => {
      const [publicUrl = ''] = /^https?:\/\/[^/]+/.exec(webhookUrl) ?? [];
      const dialect = createTwilioDialect({ settings: { ...settings, publicUrl }, webhookUrl });
      const sent = { id: 'a', to: number, text, at: '2026-11-24T13:40:00.000Z', receiptsUrl: webhookUrl };
      for (const { url, headers, body } of [
        dialect.postOfText({ number, text, guid: 'text-1', at: new Date() }),
        ...dialect.postsOfReceipt(sent, 'failed'),
      ]) {
        expect(official(url, body, headers['x-twilio-signature'] ?? '')).toBe(true);
      }
    }),
    { numRuns },
  );
});

it("ours accepts what Twilio's library signs", () => {
  fc.assert(
    fc.property(anyUrl, anyForm, (url, form) => {
      const body = bodyOf(form);
      expect(ours(url, body, getExpectedTwilioSignature(authToken, url, parametersOf(body)))).toBe(true);
    }),
    { numRuns },
  );
});

/** Removes the port of a URL, or adds the standard one. */
const withOtherPort = (url: string): string =>
  url.replace(
    /^(https?)(:..)(\[::1\]|[^/:]+)(:\d+)?/,
    (_, scheme: string, slashes: string, host: string, port?: string) =>
      port ? `${scheme}${slashes}${host}` : `${scheme}${slashes}${host}${scheme === 'https' ? ':443' : ':80'}`,
  );

it('both accept and refuse the same', () => {
  const verdicts = { accepted: 0, refused: 0 };
  const signings: ReadonlyArray<(url: string, body: string, other: { url: string; body: string }) => string> = [
    (url, body) => getExpectedTwilioSignature(authToken, withOtherPort(url), parametersOf(body)),
    (url, body) => getExpectedTwilioSignature(authToken, new URL(url).href, parametersOf(body)),
    (url, body) => getExpectedTwilioSignature(authToken.toUpperCase(), url, parametersOf(body)),
    (_, body, other) => getExpectedTwilioSignature(authToken, other.url, parametersOf(body)),
    (url, _, other) => getExpectedTwilioSignature(authToken, url, parametersOf(other.body)),
  ];
  fc.assert(
    fc.property(anyUrl, anyForm, anyUrl, anyForm, fc.constantFrom(...signings), (url, form, otherUrl, other, sign) => {
      const body = bodyOf(form);
      const signature = sign(url, body, { url: otherUrl, body: bodyOf(other) });
      const verdict = official(url, body, signature);
      verdicts[verdict ? 'accepted' : 'refused'] += 1;
      expect(ours(url, body, signature)).toBe(verdict);
    }),
    { numRuns: 3 * numRuns },
  );
  expect(verdicts.accepted).toBeGreaterThan(numRuns / 4);
  expect(verdicts.refused).toBeGreaterThan(numRuns / 4);
});
