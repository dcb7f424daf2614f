import { describe, expect, it } from 'vitest';
import { readSettings, settingsVariables, simulatedSettings } from '../../../src/gateways/twilio/settings.js';
import { authToken, settings } from './setup.js';

const all = {
  TWILIO_ACCOUNT_SID: settings.accountSid,
  TWILIO_AUTH_TOKEN: [authToken],
  PUBLIC_URL: settings.publicUrl,
  simulatedUrl: 'http://127.0.0.1:8787',
};

describe('the settings', () => {
  it('are complete with an account, a token and the public address', () => {
    expect(readSettings(all)).toEqual({ settings, problems: [] });
  });

  it('may have another address of the API', () => {
    const url = 'https://api.dublin.ie1.twilio.com';
    expect(readSettings({ ...all, TWILIO_API_URL: url })).toEqual({ settings: { ...settings, url }, problems: [] });
  });

  it('are absent when no variable of Twilio is set', () => {
    expect(readSettings({ PUBLIC_URL: all.PUBLIC_URL, simulatedUrl: all.simulatedUrl })).toEqual({ problems: [] });
  });

  it.each([
    ['TWILIO_ACCOUNT_SID', ['TWILIO_ACCOUNT_SID must be set when TWILIO_AUTH_TOKEN is set: ']],
    ['TWILIO_AUTH_TOKEN', ['TWILIO_AUTH_TOKEN must be set when TWILIO_ACCOUNT_SID is set: ']],
    ['PUBLIC_URL', ['PUBLIC_URL must be set when TWILIO_ACCOUNT_SID is set: ']],
  ])('without %s are a problem', (variable, problems) => {
    const read = readSettings({ ...all, [variable]: undefined });
    expect(read.settings).toBeUndefined();
    expect(read.problems).toEqual(problems.map((problem) => expect.stringContaining(problem) as string));
  });

  it('with only the address of the API miss everything else', () => {
    const { problems } = readSettings({ TWILIO_API_URL: 'https://example.org' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'TWILIO_ACCOUNT_SID must be set when TWILIO_API_URL is set',
      'TWILIO_AUTH_TOKEN must be set when TWILIO_API_URL is set',
      'PUBLIC_URL must be set when TWILIO_API_URL is set',
    ]);
  });

  it('of the simulated gateway are known to everybody, and in the form of real ones', () => {
    const simulated = simulatedSettings('http://127.0.0.1:8787');
    expect(simulated).toMatchObject({ simulated: true, hasSecret: false, publicUrl: 'http://127.0.0.1:8000' });
    expect(settingsVariables.TWILIO_ACCOUNT_SID.schema.parse(simulated.accountSid)).toBe(simulated.accountSid);
    expect(settingsVariables.TWILIO_AUTH_TOKEN.schema.parse(simulated.authTokens.join())).toEqual(simulated.authTokens);
    expect(simulatedSettings('http://127.0.0.1:1', 'https://example.org').publicUrl).toBe('https://example.org');
  });
});

describe('the variables', () => {
  const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: tokens } = settingsVariables;

  it('take several tokens', () => {
    expect(tokens.schema.parse(`${authToken}, ${'f'.repeat(32)}`)).toEqual([authToken, 'f'.repeat(32)]);
  });

  it.each([
    '',
    authToken.slice(1),
    `${authToken},`,
    `${authToken} ${authToken}`,
    `${authToken},`.repeat(5) + authToken,
  ])('refuse the token "%s"', (value) => {
    expect(tokens.schema.safeParse(value).success).toBe(false);
  });

  it.each(['', 'AC123', `SK${'2'.repeat(32)}`, `AC${'2'.repeat(33)}`, `AC${'g'.repeat(32)}`])(
    'refuse the account "%s"',
    (value) => {
      expect(sid.schema.safeParse(value).success).toBe(false);
    },
  );
});
