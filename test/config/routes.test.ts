import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { gatewaysWithRoute } from '../../src/config/routes.js';

const namesOf = (env: Record<string, string>, options?: { mayBeTrial: boolean }) =>
  gatewaysWithRoute(loadConfig(env), options).map(({ gateway }) => gateway.name);

describe('the route of a gateway', () => {
  it.each([{ WEBHOOK_SECRET: 'a-secret-of-this-test' }, { WEBHOOK_SIGNING_SECRET: 'a-secret-of-this-test' }])(
    'exists with %o',
    (secret) => {
      expect(namesOf(secret)).toEqual(['smsmobileapi']);
      expect(namesOf({ ...secret, SMS_MOBILE_API_KEY: 'key' }, { mayBeTrial: true })).toEqual(['smsmobileapi']);
    },
  );

  const refusal =
    /WEBHOOK_SECRET, WEBHOOK_SIGNING_SECRET, .* or TELNYX_PUBLIC_KEY must be set: .* Make a WEBHOOK_SECRET with: openssl rand -hex 24/;
  const mayBeTrial = true;

  it('does not exist without a secret', () => {
    expect(() => namesOf({})).toThrow(refusal);
    expect(() => namesOf({ WEBHOOK_SECRET: '' })).toThrow(refusal);
    expect(() => namesOf({ SMS_MOBILE_API_KEY: 'key' }, { mayBeTrial })).toThrow(refusal);
  });

  it('exists without a secret in a trial', () => {
    expect(namesOf({}, { mayBeTrial })).toEqual(['smsmobileapi']);
  });
});
