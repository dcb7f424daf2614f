import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { gatewaysWithRoute } from '../../src/config/routes.js';

const namesOf = (env: Record<string, string>, options?: { isTrial: boolean }) =>
  gatewaysWithRoute(loadConfig(env), options).map(({ name }) => name);

describe('the route of a gateway', () => {
  it.each([{ WEBHOOK_SECRET: 'a-secret-of-this-test' }, { WEBHOOK_SIGNING_SECRET: 'a-secret-of-this-test' }])(
    'exists with %o',
    (secret) => {
      expect(namesOf(secret)).toEqual(['smsmobileapi']);
      expect(namesOf({ ...secret, SMS_MOBILE_API_KEY: 'key' }, { isTrial: true })).toEqual(['smsmobileapi']);
    },
  );

  it('exists without a secret only in a trial with the simulated gateway', () => {
    const refusal = /WEBHOOK_SECRET or WEBHOOK_SIGNING_SECRET must be set: .* Make one with: openssl rand -hex 24/;
    expect(namesOf({}, { isTrial: true })).toEqual(['smsmobileapi']);
    expect(() => namesOf({})).toThrow(refusal);
    expect(() => namesOf({ WEBHOOK_SECRET: '' })).toThrow(refusal);
    expect(() => namesOf({ SMS_MOBILE_API_KEY: 'key' }, { isTrial: true })).toThrow(refusal);
  });
});
