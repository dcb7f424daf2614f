import { expect, it } from 'vitest';
import { readSettings, settingsVariables, simulatedSettings } from '../../../src/gateways/httpsms/settings.js';

const values = {
  HTTPSMS_API_KEY: 'uk_key',
  HTTPSMS_SIGNING_KEY: ['a-signing-key-of-your-own'],
  PUBLIC_URL: 'https://sms.example.org',
  simulatedUrl: 'http://127.0.0.1:8001',
};

it('nothing set is no gateway and no problem, whatever else is set', () => {
  const { PUBLIC_URL, simulatedUrl } = values;
  expect(readSettings({ PUBLIC_URL, simulatedUrl })).toEqual({ problems: [] });
});

it('key, signing key and public address are enough', () => {
  expect(readSettings(values)).toEqual({
    problems: [],
    settings: {
      apiKey: 'uk_key',
      signingKeys: ['a-signing-key-of-your-own'],
      webhookUrl: 'https://sms.example.org/api/webhook/httpsms',
      confirm: false,
      url: 'https://api.httpsms.com',
      simulated: false,
      hasSecret: true,
    },
  });
});

it('the address of the API and the confirmation can be set', () => {
  const { settings } = readSettings({ ...values, HTTPSMS_API_URL: 'https://sms.local/', HTTPSMS_CONFIRM: true });
  expect(settings).toMatchObject({ url: 'https://sms.local/', confirm: true });
});

it.each([
  ['HTTPSMS_API_KEY', 'HTTPSMS_SIGNING_KEY'],
  ['HTTPSMS_SIGNING_KEY', 'HTTPSMS_API_KEY'],
  ['PUBLIC_URL', 'HTTPSMS_API_KEY'],
])('%s must be set when %s is', (missing, present) => {
  const { settings, problems } = readSettings({ ...values, [missing]: undefined });
  expect(settings).toBeUndefined();
  expect(problems).toEqual([
    expect.stringMatching(new RegExp(`^${missing} must be set when ${present} is set: .{10}`)),
  ]);
});

it.each([
  ['HTTPSMS_API_URL', 'https://sms.local'],
  ['HTTPSMS_CONFIRM', false],
])('%s alone asks for the three others', (name, value) => {
  const { settings, problems } = readSettings({ [name]: value });
  expect(settings).toBeUndefined();
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(
    ['HTTPSMS_API_KEY', 'HTTPSMS_SIGNING_KEY', 'PUBLIC_URL'].map((one) => `${one} must be set when ${name} is set`),
  );
});

it.each<[keyof typeof settingsVariables, string, unknown]>([
  ['HTTPSMS_API_KEY', 'uk_abc', 'uk_abc'],
  ['HTTPSMS_API_KEY', 'pk_of-a-phone', undefined],
  ['HTTPSMS_API_KEY', 'two words', undefined],
  ['HTTPSMS_SIGNING_KEY', 'a'.repeat(16), ['a'.repeat(16)]],
  ['HTTPSMS_SIGNING_KEY', `${'a'.repeat(16)}, ${'b'.repeat(255)}`, ['a'.repeat(16), 'b'.repeat(255)]],
  ['HTTPSMS_SIGNING_KEY', 'too-short', undefined],
  ['HTTPSMS_SIGNING_KEY', `${'a'.repeat(16)},`, undefined],
  ['HTTPSMS_API_URL', 'https://user:password@sms.local', undefined],
  ['HTTPSMS_CONFIRM', 'true', true],
  ['HTTPSMS_CONFIRM', 'yes', undefined],
])('%s as %j is %j', (name, text, expected) => {
  expect(settingsVariables[name].schema.safeParse(text).data).toEqual(expected);
});

it('the simulated account has a webhook on loopback, and keys that could be real', () => {
  const settings = simulatedSettings('http://127.0.0.1:8001');
  expect(settings).toMatchObject({ simulated: true, hasSecret: false, url: 'http://127.0.0.1:8001' });
  expect(settings.webhookUrl).toBe('http://127.0.0.1:8000/api/webhook/httpsms');
  expect(settingsVariables.HTTPSMS_API_KEY.schema.parse(settings.apiKey)).toBe(settings.apiKey);
  expect(settingsVariables.HTTPSMS_SIGNING_KEY.schema.parse(settings.signingKeys.join())).toEqual(settings.signingKeys);
});
