import { describe, expect, it } from 'vitest';
import { readSettings, settingsVariables, simulatedSettings } from '../../../src/gateways/smsgate/settings.js';

const all = {
  SMSGATE_USER: 'ABC123',
  SMSGATE_PASSWORD: 'pass:word',
  SMSGATE_SIGNING_KEY: ['k3y-from-the-phone'],
};

describe('settings', () => {
  it('are those of the cloud, unless an address is set', () => {
    const settings = {
      url: 'https://api.sms-gate.app/3rdparty/v1',
      user: 'ABC123',
      password: 'pass:word',
      signingKeys: ['k3y-from-the-phone'],
      simulated: false,
      hasSecret: true,
    };
    expect(readSettings(all)).toEqual({ settings, problems: [] });
    const url = 'http://192.168.1.20:8080';
    expect(readSettings({ ...all, SMSGATE_URL: url })).toEqual({ settings: { ...settings, url }, problems: [] });
  });

  it('are absent when nothing is set', () => {
    expect(readSettings({ PUBLIC_URL: 'https://sms.example.org', simulatedUrl: 'http://127.0.0.1:8001' })).toEqual({
      problems: [],
    });
  });

  it.each([
    ['SMSGATE_USER', 'SMSGATE_PASSWORD'],
    ['SMSGATE_PASSWORD', 'SMSGATE_USER'],
    ['SMSGATE_SIGNING_KEY', 'SMSGATE_USER'],
  ])('without %s are a problem', (missing, present) => {
    expect(readSettings({ ...all, [missing]: undefined })).toEqual({
      problems: [expect.stringMatching(`^${missing} must be set when ${present} is set: copy it from `)],
    });
  });

  it('with an address alone have a problem for each variable', () => {
    expect(readSettings({ SMSGATE_URL: 'http://192.168.1.20:8080' }).problems).toEqual([
      expect.stringMatching(/^SMSGATE_USER must be set when SMSGATE_URL is set: /),
      expect.stringMatching(/^SMSGATE_PASSWORD must be set when SMSGATE_URL is set: /),
      expect.stringMatching(/^SMSGATE_SIGNING_KEY must be set when SMSGATE_URL is set: /),
    ]);
  });

  it('of the simulated gateway verify posts by a key that is no secret', () => {
    const settings = simulatedSettings('http://127.0.0.1:8001');
    expect(settings).toMatchObject({
      url: 'http://127.0.0.1:8001/3rdparty/v1',
      simulated: true,
      hasSecret: false,
      signingKeys: [expect.any(String)],
    });
  });
});

describe('a variable', () => {
  const parse = (name: keyof typeof settingsVariables, text: string) =>
    settingsVariables[name].schema.safeParse(text).data;

  it.each([
    ['SMSGATE_URL', 'https://sms.example.org/api/3rdparty/v1', 'https://sms.example.org/api/3rdparty/v1'],
    ['SMSGATE_URL', 'sms.example.org', undefined],
    ['SMSGATE_URL', 'https://user:password@sms.example.org', undefined],
    ['SMSGATE_USER', 'ABC123', 'ABC123'],
    ['SMSGATE_USER', 'ABC:123', undefined],
    ['SMSGATE_PASSWORD', '', undefined],
    ['SMSGATE_SIGNING_KEY', 'V1StGXR8', ['V1StGXR8']],
    ['SMSGATE_SIGNING_KEY', 'V1StGXR8, k3y-from-the-phone', ['V1StGXR8', 'k3y-from-the-phone']],
    ['SMSGATE_SIGNING_KEY', 'short', undefined],
    ['SMSGATE_SIGNING_KEY', 'V1StGXR8,', undefined],
  ] as const)('%s %j is read as %j', (name, text, expected) => {
    expect(parse(name, text)).toEqual(expected);
  });
});
