import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.js';

const secret = 'a-webhook-secret-0123';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems;
  }
  return [];
}

test('nothing set gives the whole product on loopback, with the simulated gateway answering', () => {
  expect(loadConfig({})).toEqual({
    port: 8000,
    host: '127.0.0.1',
    dataDir: 'data',
    ackAfter: 'inbox',
    dedupDays: 30,
    temporalAddress: undefined,
    temporal: { connectionOptions: {} },
    temporalPort: 7233,
    temporalUiPort: 8233,
    temporalUiUrl: undefined,
    gateway: { simulated: true, apiKey: 'simulated', url: 'http://127.0.0.1:8001', port: 8001 },
    autoReply: { enabled: true, text: undefined },
    openai: undefined,
    credentials: { token: undefined, signingSecrets: [] },
    payloadKeys: [],
    codec: { port: 8234, host: '127.0.0.1', token: undefined },
    logTexts: false,
    replyMaxAgeMs: 24 * 3_600_000,
    replyRetryForMs: 3_600_000,
    parkMs: 30 * 86_400_000,
    logLevel: 'info',
  });
});

test('everything set is taken as it was set', () => {
  const config = loadConfig({
    PORT: '8080',
    HOST: '0.0.0.0',
    DATA_DIR: '/var/lib/answerback',
    ACK_AFTER: 'temporal',
    PARK_DAYS: '2',
    DEDUP_DAYS: '7',
    TEMPORAL_ADDRESS: 'temporal.example:7233',
    TEMPORAL_TLS: 'true',
    TEMPORAL_PORT: '1',
    TEMPORAL_UI_PORT: '65535',
    TEMPORAL_UI_URL: 'https://ui.example/',
    GATEWAY_PORT: '9000',
    SMS_MOBILE_API_KEY: 'key',
    SMS_MOBILE_API_URL: 'https://gateway.example',
    SMS_AUTO_REPLY_ENABLED: '1',
    SMS_AUTO_REPLY_TEXT: 'Thanks!',
    OPENAI_API_KEY: 'sk-1',
    OPENAI_MODEL: 'gpt-5',
    OPENAI_BASE_URL: 'http://127.0.0.1:4000/v1',
    WEBHOOK_SECRET: secret,
    WEBHOOK_SIGNING_SECRET: 'signing-secret-of-now, signing-secret-before',
    PAYLOAD_KEYS: `k2:${Buffer.alloc(32, 2).toString('base64')},k1:${'01'.repeat(32)}`,
    CODEC_PORT: '9001',
    CODEC_HOST: '0.0.0.0',
    CODEC_TOKEN: 'a-codec-token-01234',
    LOG_TEXTS: 'true',
    REPLY_MAX_AGE: '90m',
    REPLY_RETRY_FOR: '10s',
    LOG_LEVEL: 'debug',
    LOG_FORMAT: 'text',
    UNRELATED: 'ignored',
  });
  expect(config).toEqual({
    port: 8080,
    host: '0.0.0.0',
    dataDir: '/var/lib/answerback',
    ackAfter: 'temporal',
    dedupDays: 7,
    temporalAddress: 'temporal.example:7233',
    temporal: { connectionOptions: { address: 'temporal.example:7233', tls: expect.anything() as unknown } },
    temporalPort: 1,
    temporalUiPort: 65_535,
    temporalUiUrl: 'https://ui.example',
    gateway: { simulated: false, apiKey: 'key', url: 'https://gateway.example', port: 9000 },
    autoReply: { enabled: true, text: 'Thanks!' },
    openai: { apiKey: 'sk-1', model: 'gpt-5', baseURL: 'http://127.0.0.1:4000/v1' },
    credentials: { token: secret, signingSecrets: ['signing-secret-of-now', 'signing-secret-before'] },
    payloadKeys: [{ id: 'k2', key: Buffer.alloc(32, 2) }, { id: 'k1', key: Buffer.alloc(32, 1) }],
    codec: { port: 9001, host: '0.0.0.0', token: 'a-codec-token-01234' },
    logTexts: true,
    replyMaxAgeMs: 5_400_000,
    replyRetryForMs: 10_000,
    parkMs: 2 * 86_400_000,
    logLevel: 'debug',
    logFormat: 'text',
  });
});

test('every wrong variable is named at once, with what it must be', () => {
  const wrong: Record<string, [value: string, expected: RegExp]> = {
    ACK_AFTER: ['memory', /inbox or temporal/],
    DEDUP_DAYS: ['0', /a number of days/],
    PARK_DAYS: ['forever', /a number of days/],
    PORT: ['0', /a port from 1 to 65535/],
    TEMPORAL_ADDRESS: ['http://temporal.example:7233', /host:port, without a scheme/],
    TEMPORAL_TLS: ['True', /true or false/],
    TEMPORAL_PORT: ['65536', /a port from 1 to 65535/],
    TEMPORAL_UI_PORT: ['eighty', /a port from 1 to 65535/],
    TEMPORAL_UI_URL: ['ui.example', /an http\(s\) address/],
    GATEWAY_PORT: ['80.5', /a port from 1 to 65535/],
    SMS_MOBILE_API_URL: ['ftp://gateway.example', /an http\(s\) address/],
    SMS_AUTO_REPLY_ENABLED: ['maybe', /true or false/],
    SMS_AUTO_REPLY_TEXT: ['x'.repeat(1_601), /at most 1,600 characters/],
    OPENAI_BASE_URL: ['localhost:4000', /an http\(s\) address/],
    WEBHOOK_SECRET: ['too short', /16 to 200 letters, digits.*openssl rand/],
    WEBHOOK_SIGNING_SECRET: ['signing-secret-of-now,short', /16 to 500 characters without spaces/],
    PAYLOAD_KEYS: ['k1:c2hvcnQ=', /name:key.*openssl rand -base64 32/],
    CODEC_PORT: ['0', /a port from 1 to 65535/],
    CODEC_TOKEN: ['short', /16 to 200 letters/],
    LOG_TEXTS: ['yes', /true or false/],
    REPLY_MAX_AGE: ['24', /a number with s, m, h or d, such as 24h/],
    REPLY_RETRY_FOR: ['1.5h', /a number with s, m, h or d, such as 1h/],
    LOG_LEVEL: ['loud', /one of fatal, error, warn, info/],
    LOG_FORMAT: ['yaml', /text or json/],
  };
  const problems = problemsOf(Object.fromEntries(Object.entries(wrong).map(([name, [value]]) => [name, value])));
  expect(problems).toHaveLength(Object.keys(wrong).length);
  for (const [name, [, expected]] of Object.entries(wrong)) {
    const line = problems.find((problem) => problem.startsWith(`${name} must be `));
    expect(line, name).toMatch(expected);
    expect(line).not.toContain('\n');
  }
});

test('ports that are the same, and Temporal settings that name what is not there, are problems too', () => {
  expect(problemsOf({ PORT: '8001', TEMPORAL_UI_PORT: '7233' })).toEqual([
    'TEMPORAL_UI_PORT must be another port than TEMPORAL_PORT',
    'GATEWAY_PORT must be another port than PORT',
  ]);
  expect(problemsOf({ TEMPORAL_PROFILE: 'nowhere' }).join()).toMatch(/^TEMPORAL_\* must name files that are there and fit together: .*nowhere/);
  expect(problemsOf({ TEMPORAL_ADDRESS: 'temporal.example:99999' })).toEqual(['TEMPORAL_ADDRESS must be host:port, without a scheme']);
});

test('no value of a secret is shown, not even of a wrong one', () => {
  const env = { SMS_MOBILE_API_KEY: 'key-5f1d', OPENAI_API_KEY: 'sk-77aa', WEBHOOK_SECRET: 'not/for a URL', WEBHOOK_SIGNING_SECRET: 'with a space', PAYLOAD_KEYS: 'k1:no-key-at-all', CODEC_TOKEN: 'tiny', PORT: 'x', SMS_AUTO_REPLY_TEXT: 'y'.repeat(2_000) };
  const shown = problemsOf(env).join('\n');
  expect(shown).toContain('WEBHOOK_SECRET');
  for (const [name, value] of Object.entries(env)) if (name !== 'PORT') expect(shown, name).not.toContain(value);
});

test('an empty variable counts as not set', () => {
  const names = ['PORT', 'HOST', 'DATA_DIR', 'TEMPORAL_ADDRESS', 'SMS_MOBILE_API_KEY', 'SMS_MOBILE_API_URL', 'SMS_AUTO_REPLY_ENABLED'];
  names.push('SMS_AUTO_REPLY_TEXT', 'OPENAI_API_KEY', 'OPENAI_MODEL', 'OPENAI_BASE_URL', 'WEBHOOK_SECRET', 'REPLY_MAX_AGE', 'LOG_LEVEL');
  expect(loadConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(loadConfig({}));
});

test.each([
  ['0s', 0],
  ['45s', 45_000],
  ['90m', 5_400_000],
  ['24h', 86_400_000],
  ['30d', 2_592_000_000],
])('REPLY_MAX_AGE=%s is %d ms', (value, ms) => {
  expect(loadConfig({ REPLY_MAX_AGE: value }).replyMaxAgeMs).toBe(ms);
});

test.each(['24', 'h', '-1h', '1.5h', '1 h', '1w', '24H', '1h30m', '9999999s'])('%j is no duration', (value) => {
  expect(problemsOf({ REPLY_MAX_AGE: value })).toEqual([expect.stringContaining('REPLY_MAX_AGE must be')]);
});

describe('a webhook that others can reach has a secret', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', 'answerback.example', '127.0.0.1.example', '::ffff:10.0.0.1'])('HOST=%s needs WEBHOOK_SECRET', (host) => {
    expect(problemsOf({ HOST: host })).toEqual([expect.stringMatching(/^WEBHOOK_SECRET or WEBHOOK_SIGNING_SECRET must be set when HOST is not a loopback address/)]);
    expect(problemsOf({ HOST: host, WEBHOOK_SECRET: '' })).toHaveLength(1);
    expect(problemsOf({ HOST: host, WEBHOOK_SECRET: secret })).toEqual([]);
    expect(problemsOf({ HOST: host, WEBHOOK_SIGNING_SECRET: 'signing-secret-of-now' })).toEqual([]);
  });

  test.each(['127.0.0.1', '127.9.8.7', 'localhost', '::1'])('HOST=%s needs none', (host) => {
    expect(problemsOf({ HOST: host })).toEqual([]);
  });

  test('a wrong secret is one problem, not two', () => {
    expect(problemsOf({ HOST: '0.0.0.0', WEBHOOK_SECRET: 'short' })).toEqual([expect.stringContaining('16 to 200')]);
  });
});

test.each([
  ['x'.repeat(16), true],
  ['x'.repeat(200), true],
  ['aZ09._~-aZ09._~-', true],
  ['x'.repeat(15), false],
  ['x'.repeat(201), false],
  ['sixteen characters', false],
  ['percent%20percent', false],
])('WEBHOOK_SECRET=%s fits: %s', (value, fits) => {
  expect(problemsOf({ WEBHOOK_SECRET: value })).toHaveLength(fits ? 0 : 1);
});

test('an address of the gateway without a key is a mistake, not the simulated gateway', () => {
  expect(problemsOf({ SMS_MOBILE_API_URL: 'https://gateway.example' })).toEqual(['SMS_MOBILE_API_KEY must be set when SMS_MOBILE_API_URL is']);
});

test('a real gateway sends nothing until it is switched on', () => {
  const real = loadConfig({ SMS_MOBILE_API_KEY: 'key' });
  expect(real.gateway).toMatchObject({ simulated: false, apiKey: 'key', url: 'https://api.smsmobileapi.com' });
  expect(real.autoReply.enabled).toBe(false);
  expect(loadConfig({ SMS_MOBILE_API_KEY: 'key', SMS_AUTO_REPLY_ENABLED: 'true' }).autoReply.enabled).toBe(true);
  expect(loadConfig({ SMS_AUTO_REPLY_ENABLED: 'false' }).autoReply.enabled).toBe(false);
  expect(loadConfig({ SMS_AUTO_REPLY_ENABLED: '0' }).autoReply.enabled).toBe(false);
});

test('the simulated gateway is found where it listens', () => {
  expect(loadConfig({ GATEWAY_PORT: '9001' }).gateway).toMatchObject({ simulated: true, url: 'http://127.0.0.1:9001', port: 9001 });
});
