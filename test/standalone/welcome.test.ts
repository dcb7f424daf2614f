import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { welcome } from '../../src/standalone/welcome.js';

const shown = (env: Record<string, string>) =>
  welcome(loadConfig(env), {
    temporalAddress: '127.0.0.1:7233',
    uiUrl: undefined,
    codecEndpoint: undefined,
    dataDir: '/data',
  });

it('the curl of the welcome has what the webhook requires, without the secret itself', () => {
  expect(shown({})).toContain('Send a text:');
  expect(shown({})).not.toContain('X-Webhook-Secret');
  const secret = 'a-webhook-secret-0123';
  expect(shown({ WEBHOOK_SECRET: secret })).toContain('-H "X-Webhook-Secret: $WEBHOOK_SECRET"');
  expect(shown({ WEBHOOK_SECRET: secret })).not.toContain(secret);
  expect(shown({ WEBHOOK_SIGNING_SECRET: secret })).toMatch(
    /accepts only signed posts\. To send one by hand, set WEBHOOK_SECRET too/,
  );
});

it('the welcome links to the phone, where there is one', () => {
  expect(shown({ GATEWAY_PORT: '8111' })).toContain('write a text at http://localhost:8111/ ');
  expect(shown({ SMS_MOBILE_API_KEY: 'k' })).not.toContain('write a text');
});
