import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { problemsOf, secret } from './problems-of.js';

describe('a webhook that other machines can reach has a secret', () => {
  it.each(['0.0.0.0', '::', '192.168.1.5', 'answerback.example', '127.0.0.1.example', '::ffff:10.0.0.1'])(
    'HOST=%s needs WEBHOOK_SECRET',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([
        expect.stringMatching(
          /^WEBHOOK_SECRET, WEBHOOK_SIGNING_SECRET, .* or TELNYX_PUBLIC_KEY must be set when HOST is not a loopback address/,
        ),
      ]);
      expect(problemsOf({ HOST: host, WEBHOOK_SECRET: '' })).toHaveLength(1);
      expect(problemsOf({ HOST: host, WEBHOOK_SECRET: secret })).toEqual([]);
      expect(problemsOf({ HOST: host, WEBHOOK_SIGNING_SECRET: 'signing-secret-of-now' })).toEqual([]);
    },
  );

  it.each(['127.0.0.1', '127.9.8.7', 'localhost', '::1'])('HOST=%s needs none', (host) => {
    expect(problemsOf({ HOST: host })).toEqual([]);
  });

  it('a wrong secret is one problem, not two', () => {
    expect(problemsOf({ HOST: '0.0.0.0', WEBHOOK_SECRET: 'short' })).toEqual([expect.stringContaining('16 to 200')]);
  });
});

it('an address of the gateway without a key is a problem, not the simulated gateway', () => {
  expect(problemsOf({ SMS_MOBILE_API_URL: 'https://gateway.example' })).toEqual([
    'SMS_MOBILE_API_KEY must be set when SMS_MOBILE_API_URL is set',
  ]);
});

it('a real gateway sends nothing until auto-reply is on', () => {
  const real = loadConfig({ SMS_MOBILE_API_KEY: 'key' });
  expect(real.gateways.smsmobileapi).toMatchObject({
    simulated: false,
    apiKey: 'key',
    url: 'https://api.smsmobileapi.com',
  });
  expect(real.autoReply.enabled).toBe(false);
  expect(loadConfig({ SMS_MOBILE_API_KEY: 'key', SMS_AUTO_REPLY_ENABLED: 'true' }).autoReply.enabled).toBe(true);
  expect(loadConfig({ SMS_AUTO_REPLY_ENABLED: 'false' }).autoReply.enabled).toBe(false);
  expect(loadConfig({ SMS_AUTO_REPLY_ENABLED: '0' }).autoReply.enabled).toBe(false);
});

it('the simulated gateway is used at the address where it listens', () => {
  const { gateways, simulatedGateway } = loadConfig({ GATEWAY_PORT: '9001' });
  expect(gateways.smsmobileapi).toMatchObject({ simulated: true, url: 'http://127.0.0.1:9001' });
  expect(simulatedGateway).toEqual({ isUsed: true, port: 9001 });
});
