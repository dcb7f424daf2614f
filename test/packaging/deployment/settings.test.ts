import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/config.js';
import { read } from '../../helpers/project-files.js';
import { connectionSettings, readBy, settings } from '../settings.js';

it('every setting has a part that reads it', () => {
  const read = new Set(Object.values(readBy).flat());
  const known = new Set([...settings, ...connectionSettings]);
  expect([...read].sort()).toEqual([...known].sort());
});

describe('.env.example', () => {
  const example = read('.env.example');
  const stated = parseEnv(example.replace(/^#(?=[A-Z])/gm, '')) as Record<string, string>;

  it('changes nothing when it is copied', () => {
    expect(parseEnv(example)).toEqual({});
  });

  it('names every setting and no other', () => {
    expect(settings).toEqual(expect.arrayContaining(['PORT', 'LOG_LEVEL']));
    expect(Object.keys(stated).sort()).toEqual([...settings, ...connectionSettings].sort());
  });

  it('states the defaults', () => {
    // With the keys, so that what belongs to them can be compared too.
    const keys = {
      SMS_MOBILE_API_KEY: 'a-key',
      ...{ SMSGATE_USER: 'a-user', SMSGATE_PASSWORD: 'a-password', SMSGATE_SIGNING_KEY: 'a-signing-key' },
      ...{ TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'a'.repeat(32) },
      ...{ HTTPSMS_API_KEY: 'a-key', HTTPSMS_SIGNING_KEY: 'a-signing-key-of-this-test' },
      ...{ TELNYX_API_KEY: 'a-key-of-this-test', TELNYX_PUBLIC_KEY: `${'A'.repeat(43)}=` },
      PUBLIC_URL: 'https://sms.example.org',
      OPENAI_API_KEY: 'a-key',
    };
    expect(loadConfig({ ...stated, ...keys })).toEqual({ ...loadConfig(keys), temporal: expect.anything() as unknown });
    expect(loadConfig({}).autoReply.enabled).toBe(true);
  });
});
