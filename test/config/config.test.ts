import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { problemsOf, secret } from './problems-of.js';

it('the defaults give the whole product on loopback, with the simulated gateway', () => {
  expect(loadConfig({})).toEqual({
    port: 8000,
    host: '127.0.0.1',
    dataDir: 'data',
    secrets: [],
    ackAfter: 'inbox',
    hasInbox: true,
    temporalAddress: undefined,
    temporal: { connectionOptions: {} },
    acceptShortRetention: false,
    temporalPort: 7233,
    temporalUiPort: 8233,
    temporalUiUrl: undefined,
    defaultCountry: undefined,
    gateways: {
      smsmobileapi: {
        simulated: true,
        apiKey: 'simulated',
        url: 'http://127.0.0.1:8001',
        hasSecret: false,
        credentials: { signingSecrets: [] },
      },
    },
    simulatedGateway: { isUsed: true, port: 8001 },
    autoReply: { enabled: true, text: undefined },
    repliedSenders: { allow: undefined, deny: [] },
    repliesPerSender: [
      { replies: 6, withinMs: 600_000 },
      { replies: 30, withinMs: 86_400_000 },
    ],
    doubles: { windowMs: 10_000, except: [] },
    openai: undefined,
    payloadKeys: [],
    codec: { port: 8234, host: '127.0.0.1', token: undefined },
    metrics: { port: 9464, host: '127.0.0.1' },
    events: undefined,
    logTexts: false,
    limits: { smsPerMinute: {}, openaiPerSecond: undefined },
    replyMaxAgeMs: 24 * 3_600_000,
    replyRetryForMs: 3_600_000,
    parkMs: 30 * 86_400_000,
    logLevel: 'info',
  });
});

it('every setting has the value that was set', () => {
  const config = loadConfig({
    PORT: '8080',
    HOST: '0.0.0.0',
    DATA_DIR: '/var/lib/answerback',
    ACK_AFTER: 'temporal',
    PARK_DAYS: '2',
    TEMPORAL_ADDRESS: 'temporal.example:7233',
    TEMPORAL_TLS: 'true',
    ACCEPT_SHORT_RETENTION: 'true',
    TEMPORAL_PORT: '1',
    TEMPORAL_UI_PORT: '65535',
    TEMPORAL_UI_URL: 'https://ui.example/',
    GATEWAY_PORT: '9000',
    PUBLIC_URL: 'https://sms.example.org/',
    SMS_MOBILE_API_KEY: 'key',
    SMS_MOBILE_API_URL: 'https://gateway.example',
    SMS_AUTO_REPLY_ENABLED: '1',
    SMS_AUTO_REPLY_TEXT: 'Thanks!',
    OPENAI_API_KEY: 'sk-1',
    OPENAI_MODEL: 'gpt-5',
    OPENAI_REASONING_EFFORT: 'minimal',
    OPENAI_BASE_URL: 'http://127.0.0.1:4000/v1',
    WEBHOOK_SECRET: secret,
    WEBHOOK_SIGNING_SECRET: 'signing-secret-of-now, signing-secret-before',
    ANSWERBACK_SECRET: `${'n'.repeat(32)}, ${'0'.repeat(64)}`,
    PAYLOAD_KEYS: `k2:${Buffer.alloc(32, 2).toString('base64')},k1:${'01'.repeat(32)}`,
    CODEC_PORT: '9001',
    CODEC_HOST: '0.0.0.0',
    CODEC_TOKEN: 'a-codec-token-01234',
    METRICS_PORT: '9002',
    METRICS_HOST: '0.0.0.0',
    LOG_TEXTS: 'true',
    SMS_PER_MINUTE: '30',
    OPENAI_RPS: '0.5',
    REPLY_MAX_AGE: '90m',
    REPLY_RETRY_FOR: '10s',
    REPLY_ALLOW: '+1*',
    REPLY_DENY: '+1900*, MYBANK',
    REPLIES_PER_SENDER: '2/1m',
    REPLIES_PER_DAY: '500',
    DOUBLE_WINDOW: '0',
    DOUBLE_EXCEPT: '32665',
    LOG_LEVEL: 'debug',
    LOG_FORMAT: 'text',
    DEFAULT_COUNTRY: 'US',
    UNRELATED: 'ignored',
  });
  expect(config).toEqual({
    port: 8080,
    host: '0.0.0.0',
    defaultCountry: 'US',
    dataDir: '/var/lib/answerback',
    secrets: ['n'.repeat(32), '0'.repeat(64)],
    ackAfter: 'temporal',
    hasInbox: true,
    temporalAddress: 'temporal.example:7233',
    temporal: { connectionOptions: { address: 'temporal.example:7233', tls: expect.anything() as unknown } },
    acceptShortRetention: true,
    temporalPort: 1,
    temporalUiPort: 65_535,
    temporalUiUrl: 'https://ui.example',
    gateways: {
      smsmobileapi: {
        simulated: false,
        apiKey: 'key',
        url: 'https://gateway.example',
        hasSecret: true,
        credentials: { token: secret, signingSecrets: ['signing-secret-of-now', 'signing-secret-before'] },
      },
    },
    publicUrl: 'https://sms.example.org',
    simulatedGateway: { isUsed: false, port: 9000 },
    autoReply: { enabled: true, text: 'Thanks!' },
    repliedSenders: { allow: ['+1*'], deny: ['+1900*', 'MYBANK'] },
    repliesPerSender: [{ replies: 2, withinMs: 60_000 }],
    repliesPerDay: 500,
    doubles: { windowMs: 0, except: ['32665'] },
    openai: { apiKey: 'sk-1', model: 'gpt-5', baseURL: 'http://127.0.0.1:4000/v1', reasoningEffort: 'minimal' },
    payloadKeys: [
      { id: 'k2', key: Buffer.alloc(32, 2) },
      { id: 'k1', key: Buffer.alloc(32, 1) },
    ],
    codec: { port: 9001, host: '0.0.0.0', token: 'a-codec-token-01234' },
    metrics: { port: 9002, host: '0.0.0.0' },
    logTexts: true,
    limits: {
      smsPerMinute: { smsmobileapi: 30, smsgate: 30, twilio: 30, httpsms: 30, telnyx: 30 },
      openaiPerSecond: 0.5,
    },
    replyMaxAgeMs: 5_400_000,
    replyRetryForMs: 10_000,
    parkMs: 2 * 86_400_000,
    logLevel: 'debug',
    logFormat: 'text',
  });
});

it('all wrong variables are named together, with the expected values', () => {
  const wrong: Record<string, [value: string, expected: RegExp]> = {
    ACK_AFTER: ['memory', /inbox or temporal/],
    DEFAULT_COUNTRY: ['usa', /a country code of two capital letters/],
    SMS_PER_MINUTE_SMSMOBILEAPI: ['0', /replies a minute from 0.01 to 6000/],
    PARK_DAYS: ['forever', /a number of days/],
    PORT: ['0', /a port from 1 to 65535/],
    TEMPORAL_ADDRESS: ['http://temporal.example:7233', /host:port, without a scheme/],
    TEMPORAL_TLS: ['True', /true or false/],
    ACCEPT_SHORT_RETENTION: ['yes', /true or false/],
    TEMPORAL_PORT: ['65536', /a port from 1 to 65535/],
    TEMPORAL_UI_PORT: ['eighty', /a port from 1 to 65535/],
    TEMPORAL_UI_URL: ['ui.example', /an http\(s\) address/],
    GATEWAY_PORT: ['80.5', /a port from 1 to 65535/],
    SMS_MOBILE_API_URL: ['ftp://gateway.example', /an http\(s\) address/],
    SMS_AUTO_REPLY_ENABLED: ['maybe', /true or false/],
    SMS_AUTO_REPLY_TEXT: ['x'.repeat(1_601), /at most 1,600 characters/],
    SMS_PER_MINUTE: ['0', /replies a minute from 0.01 to 6000/],
    OPENAI_RPS: ['1e3', /requests a second from 0.01 to 1000/],
    OPENAI_REASONING_EFFORT: ['least', /one of none, minimal, low/],
    OPENAI_BASE_URL: ['localhost:4000', /an http\(s\) address/],
    WEBHOOK_SECRET: ['too short', /16 to 200 letters, digits.*openssl rand/],
    WEBHOOK_SIGNING_SECRET: ['signing-secret-of-now,short', /16 to 500 characters without spaces/],
    ANSWERBACK_SECRET: [`${'n'.repeat(32)},short`, /32 random bytes.*several secrets.*openssl rand -hex 32/],
    PAYLOAD_KEYS: ['k1:c2hvcnQ=', /name:key.*openssl rand -base64 32/],
    CODEC_PORT: ['0', /a port from 1 to 65535/],
    CODEC_TOKEN: ['short', /16 to 200 letters/],
    METRICS_PORT: ['metrics', /a port from 1 to 65535/],
    LOG_TEXTS: ['yes', /true or false/],
    REPLY_MAX_AGE: ['24', /a number with s, m, h or d, such as 24h/],
    REPLY_RETRY_FOR: ['1.5h', /a number with s, m, h or d, such as 1h/],
    REPLY_ALLOW: [',', /numbers, short codes or names with commas/],
    REPLY_DENY: ['+1*9', /numbers, short codes or names with commas/],
    REPLIES_PER_SENDER: ['6/8d', /limits such as 6\/10m,30\/24h/],
    REPLIES_PER_DAY: ['0', /a number of replies from 1/],
    DOUBLE_WINDOW: ['10', /0, or a number with s, m, h or d/],
    DOUBLE_EXCEPT: [',', /numbers, short codes or names with commas/],
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

it('equal ports, and Temporal settings that name missing files, are problems too', () => {
  expect(problemsOf({ PORT: '8001', TEMPORAL_UI_PORT: '7233' })).toEqual([
    'TEMPORAL_UI_PORT must be a different port from TEMPORAL_PORT',
    'GATEWAY_PORT must be a different port from PORT',
  ]);
  expect(problemsOf({ METRICS_PORT: '8000' })).toEqual(['METRICS_PORT must be a different port from PORT']);
  expect(problemsOf({ TEMPORAL_PROFILE: 'nowhere' }).join()).toMatch(
    /^TEMPORAL_\* and the Temporal configuration file must be valid together: .*nowhere/,
  );
  expect(problemsOf({ TEMPORAL_ADDRESS: 'temporal.example:99999' })).toEqual([
    'TEMPORAL_ADDRESS must be host:port, without a scheme',
  ]);
});

it('no value of a secret is shown, not even of a wrong one', () => {
  const env = {
    SMS_MOBILE_API_KEY: 'key-5f1d',
    OPENAI_API_KEY: 'sk-77aa',
    WEBHOOK_SECRET: 'not/for a URL',
    WEBHOOK_SIGNING_SECRET: 'with a space',
    ANSWERBACK_SECRET: 'a-secret-twice-of-32-characters-0,a-secret-twice-of-32-characters-0',
    PAYLOAD_KEYS: 'k1:no-key-at-all',
    CODEC_TOKEN: 'tiny',
    PORT: 'x',
    SMS_AUTO_REPLY_TEXT: 'y'.repeat(2_000),
  };
  const shown = problemsOf(env).join('\n');
  for (const name of ['WEBHOOK_SECRET', 'ANSWERBACK_SECRET']) expect(shown).toContain(name);
  for (const [name, value] of Object.entries(env)) if (name !== 'PORT') expect(shown, name).not.toContain(value);
});

it('an empty variable counts as not set', () => {
  const names = [
    'PORT',
    'HOST',
    'DATA_DIR',
    'TEMPORAL_ADDRESS',
    'SMS_MOBILE_API_KEY',
    'SMS_MOBILE_API_URL',
    'SMS_AUTO_REPLY_ENABLED',
  ];
  names.push(
    'SMS_AUTO_REPLY_TEXT',
    'OPENAI_API_KEY',
    'OPENAI_MODEL',
    'OPENAI_REASONING_EFFORT',
    'OPENAI_BASE_URL',
    'WEBHOOK_SECRET',
    'REPLY_MAX_AGE',
    'LOG_LEVEL',
  );
  expect(loadConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(loadConfig({}));
});
