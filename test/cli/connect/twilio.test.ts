import { expect, it } from 'vitest';
import { connect, publicUrl, startProvider, useProviders } from './provider.js';

useProviders();

const sid = `AC${'2'.repeat(32)}`;
const token = '0123456789abcdef0123456789abcdef';
const here = `${publicUrl}/api/webhook/twilio`;
const numbersUrl = `/2010-04-01/Accounts/${sid}/IncomingPhoneNumbers`;

const aNumber = (last: number, changed: Record<string, unknown> = {}) => ({
  sid: `PN${String(last).repeat(32)}`,
  phone_number: `+1206555010${last}`,
  sms_url: '',
  sms_method: 'POST',
  sms_application_sid: '',
  capabilities: { voice: true, sms: true },
  ...changed,
});

async function startTwilio(...numbers: Array<ReturnType<typeof aNumber>>) {
  const provider = await startProvider(({ asked, headers, body }) => {
    if (headers.authorization !== `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`) return { status: 401 };
    if (asked.startsWith(`GET ${numbersUrl}.json?`)) {
      const wanted = new URL(asked.slice(4), 'http://twilio').searchParams.get('PhoneNumber') ?? '';
      return { body: { incoming_phone_numbers: numbers.filter((one) => one.phone_number.includes(wanted)) } };
    }
    const changed = numbers.find((one) => asked === `POST ${numbersUrl}/${one.sid}.json`);
    if (!changed) return { status: 404 };
    const form = new URLSearchParams(body);
    changed.sms_url = form.get('SmsUrl') ?? changed.sms_url;
    changed.sms_method = form.get('SmsMethod') ?? changed.sms_method;
    changed.sms_application_sid = form.get('SmsApplicationSid') ?? changed.sms_application_sid;
    return { body: changed };
  });
  const env = { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token, TWILIO_API_URL: provider.url };
  return { ...provider, env };
}

it('registers the only number, and says "already" the second time', async () => {
  const number = aNumber(1, { sms_url: 'https://demo.twilio.com/welcome/sms/reply' });
  const { env, writes } = await startTwilio(number, aNumber(2, { capabilities: { sms: false } }));
  const { exitCode, stdout } = await connect('twilio --yes', env);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('is connected') as string,
  });
  expect(stdout).not.toContain(token);
  expect(number).toMatchObject({ sms_url: here, sms_method: 'POST' });
  expect((await connect('twilio --yes', env)).stdout).toContain('already connected');
  expect(writes()).toHaveLength(1);
});

it('takes an address with a fragment for retries as its own', async () => {
  const { env, writes } = await startTwilio(aNumber(1, { sms_url: `${here}#rc=5&rp=5xx` }));
  expect((await connect('twilio --yes', env)).stdout).toContain('already connected');
  expect(writes()).toEqual([]);
});

it('asks which number when there are several, and takes it as people write it', async () => {
  const numbers = [aNumber(1), aNumber(2)];
  const { env } = await startTwilio(...numbers);
  expect(await connect('twilio --yes', env)).toMatchObject({
    exitCode: 2,
    stderr: 'The Twilio account has several numbers: choose one with --number: +12065550101, +12065550102\n',
  });
  expect((await connect('twilio --yes --number +1(206)555-0102', env)).exitCode).toBe(0);
  expect(numbers.map(({ sms_url }) => sms_url)).toEqual(['', here]);
  expect((await connect('twilio --yes --number +1206555', env)).stderr).toContain('has no number +1206555 ');
});

it.each([
  ['another address', { sms_url: 'https://other.example.com/sms?token=a-secret' }],
  ['an application', { sms_url: here, sms_application_sid: 'AP1' }],
])('overwrites %s only with --replace', async (_what, changed) => {
  const number = aNumber(1, changed);
  const { env, writes } = await startTwilio(number);
  const refused = await connect('twilio --yes', env);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('add --replace') as string });
  expect(refused.stdout).not.toContain('a-secret');
  expect(writes()).toEqual([]);
  expect((await connect('twilio --yes --replace', env)).exitCode).toBe(0);
  expect(number).toMatchObject({ sms_url: here, sms_application_sid: '' });
});

it('says what to do by hand where the provider has no API, and never the secret', async () => {
  const env = { SMS_MOBILE_API_KEY: 'a-key', WEBHOOK_SECRET: 'a-secret-of-this-test' };
  const { exitCode, stdout } = await connect('smsmobileapi', env);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`${publicUrl}/api/webhook/sms-received/<WEBHOOK_SECRET>`);
  expect(stdout).not.toContain('a-secret-of-this-test');
});

it('names the settings that it needs, and the gateways', async () => {
  expect(await connect('twillio', {})).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/mean twilio/) as string,
  });
  expect((await connect('twilio', {})).stderr).toContain('TWILIO_AUTH_TOKEN must be set');
  const env = { SMS_MOBILE_API_KEY: 'a-key', PUBLIC_URL: '' };
  expect(await connect('smsmobileapi', env)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('PUBLIC_URL') as string,
  });
});
