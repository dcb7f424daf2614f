import { expect, it } from 'vitest';
import { telnyx } from '../../../src/gateways/telnyx/gateway.js';
import { vectorKey } from './posts.js';

const account = {
  TELNYX_API_KEY: 'KEY0123456789ABCDEF_abc',
  TELNYX_PUBLIC_KEY: vectorKey,
  PUBLIC_URL: 'https://sms.example.org',
};
const simulatedUrl = 'http://127.0.0.1:4010';

it('an account is used as it is set', () => {
  expect(telnyx.readSettings({ ...account, simulatedUrl })).toEqual({
    settings: {
      url: 'https://api.telnyx.com',
      simulated: false,
      hasSecret: true,
      apiKey: account.TELNYX_API_KEY,
      publicKey: vectorKey,
      webhookUrl: 'https://sms.example.org/api/webhook/telnyx',
    },
    problems: [],
  });
  expect(telnyx.readSettings({ ...account, TELNYX_API_URL: 'https://eu.example.org/x' }).settings?.url).toBe(
    'https://eu.example.org/x',
  );
});

it('without any variable of its own there are no settings and no problem', () => {
  expect(telnyx.readSettings({ simulatedUrl })).toEqual({ problems: [] });
  expect(telnyx.readSettings({ PUBLIC_URL: account.PUBLIC_URL })).toEqual({ problems: [] });
});

it.each<[string, object, string[]]>([
  ['no API key', { TELNYX_API_KEY: undefined }, ['TELNYX_API_KEY must be set when TELNYX_PUBLIC_KEY is set: ']],
  ['no public key', { TELNYX_PUBLIC_KEY: undefined }, ['TELNYX_PUBLIC_KEY must be set when TELNYX_API_KEY is set: ']],
  ['no public address', { PUBLIC_URL: undefined }, ['PUBLIC_URL must be set when TELNYX_API_KEY is set: ']],
  [
    'an API key alone',
    { TELNYX_PUBLIC_KEY: undefined, PUBLIC_URL: undefined },
    [
      'TELNYX_PUBLIC_KEY must be set when TELNYX_API_KEY is set: ',
      'PUBLIC_URL must be set when TELNYX_API_KEY is set: ',
    ],
  ],
  [
    'an address of the API without keys',
    { TELNYX_API_KEY: undefined, TELNYX_PUBLIC_KEY: undefined, TELNYX_API_URL: 'https://eu.example.org' },
    [
      'TELNYX_API_KEY must be set when TELNYX_API_URL is set: ',
      'TELNYX_PUBLIC_KEY must be set when TELNYX_API_URL is set: ',
    ],
  ],
])('%s is a problem that says what to do', (_what, change, lines) => {
  const { settings, problems } = telnyx.readSettings({ ...account, ...change });
  expect(settings).toBeUndefined();
  expect(problems).toHaveLength(lines.length);
  problems.forEach((problem, index) => expect(problem).toMatch(new RegExp(`^${lines[index]}\\w.{20,}`)));
  expect(problems.join()).not.toContain(account.TELNYX_API_KEY);
});

it.each<[keyof typeof telnyx.variables, string, boolean]>([
  ['TELNYX_API_KEY', account.TELNYX_API_KEY, true],
  ['TELNYX_API_KEY', 'KEY with spaces', false],
  ['TELNYX_API_KEY', 'KEY0123456789\r\nx: y', false],
  ['TELNYX_PUBLIC_KEY', vectorKey, true],
  ['TELNYX_PUBLIC_KEY', vectorKey.slice(0, -1), false],
  ['TELNYX_PUBLIC_KEY', Buffer.alloc(31).toString('base64'), false],
  ['TELNYX_PUBLIC_KEY', Buffer.alloc(33).toString('base64'), false],
  ['TELNYX_API_URL', 'http://127.0.0.1:4010', true],
  ['TELNYX_API_URL', 'api.telnyx.com', false],
])('%s may be %j: %s', (name, value, valid) => {
  expect(telnyx.variables[name].schema.safeParse(value).success).toBe(valid);
});

it('the keys of a simulated account are public, so they are no secret', () => {
  expect(telnyx.simulatedSettings(simulatedUrl)).toMatchObject({
    url: simulatedUrl,
    simulated: true,
    hasSecret: false,
  });
  expect(telnyx.simulatedSettings(simulatedUrl, 'http://127.0.0.1:9000')).toMatchObject({
    webhookUrl: 'http://127.0.0.1:9000/api/webhook/telnyx',
  });
});
