import { expect, it } from 'vitest';
import { httpSms } from '../../../src/gateways/httpsms/gateway.js';
import { connect, publicUrl, startProvider, useProviders } from './provider.js';

useProviders();

const apiKey = 'uk_of-this-test';
const signingKey = 'a-signing-key-of-your-own';
const here = `${publicUrl}/api/webhook/httpsms`;

interface Hook {
  id: string;
  url: string;
  signing_key: string;
  events: string[];
  phone_numbers: string[];
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

async function startHttpSms({ hooks = [] as Hook[], attempts = 1, heartbeatHours = 0.2 } = {}) {
  const phones = ['+12065550198', '+12065550199'].map((phone_number) => ({
    phone_number,
    max_send_attempts: attempts,
  }));
  const provider = await startProvider(({ asked, headers, body }) => {
    if (headers['x-api-key'] !== apiKey) return { status: 401 };
    if (asked.startsWith('GET /v1/webhooks?')) return { body: { data: hooks } };
    if (asked.startsWith('GET /v1/phones?')) return { body: { data: phones } };
    if (asked.startsWith('GET /v1/heartbeats?')) return { body: { data: [{ timestamp: hoursAgo(heartbeatHours) }] } };
    const sent = JSON.parse(body) as Omit<Hook, 'id'>;
    if (!sent.phone_numbers.every((one) => phones.some(({ phone_number }) => phone_number === one)))
      return { status: 422 };
    const changed = hooks.find(({ id }) => asked === `PUT /v1/webhooks/${id}`);
    if (changed) return { body: { data: Object.assign(changed, sent) } };
    if (asked !== 'POST /v1/webhooks') return { status: 404 };
    hooks.push({ id: `hook-${hooks.length}`, ...sent });
    return { status: 201, body: { data: hooks.at(-1) } };
  });
  const env = { HTTPSMS_API_KEY: apiKey, HTTPSMS_SIGNING_KEY: signingKey, HTTPSMS_API_URL: provider.url };
  return { ...provider, env, hooks };
}

it('adds a webhook beside a foreign one, and says "already" the second time', async () => {
  const foreign = {
    ...{ id: 'other', url: 'https://other.example.com/a-secret', signing_key: 'x' },
    ...{ events: ['message.phone.received'], phone_numbers: ['+12065550199'] },
  };
  const { env, hooks, writes } = await startHttpSms({ hooks: [{ ...foreign }] });
  const { exitCode, stdout } = await connect('httpsms --yes', env);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('is connected') as string,
  });
  expect(stdout).toContain('Received texts go to https://other.example.com/… too');
  expect(stdout).not.toMatch(/a-secret|a-signing-key|uk_of/);
  expect(hooks).toHaveLength(2);
  expect(hooks[0]).toEqual(foreign);
  expect(hooks[1]).toMatchObject({
    url: here,
    signing_key: signingKey,
    events: expect.arrayContaining(['message.phone.received', 'message.send.expired']) as string[],
    phone_numbers: ['+12065550198', '+12065550199'],
  });
  expect((await connect('httpsms --yes', env)).stdout).toContain('already connected');
  expect(writes()).toHaveLength(1);
});

it('changes its own webhook when key, events or numbers differ, and drops numbers that are gone', async () => {
  const old = { id: 'hook-1', url: here, signing_key: 'an-old-key', events: [], phone_numbers: ['+12065550100'] };
  const { env, hooks, writes } = await startHttpSms({ hooks: [old] });
  const { stdout } = await connect('httpsms --yes --number +12065550199', env);
  expect(stdout).toContain('a key that is not in HTTPSMS_SIGNING_KEY, too few events, too few numbers');
  expect(stdout).not.toContain('an-old-key');
  expect(hooks[0]).toMatchObject({ signing_key: signingKey, phone_numbers: ['+12065550199'] });
  expect(writes()).toEqual(['PUT /v1/webhooks/hook-1']);
  expect(await connect('httpsms --yes --number +12065550100', env)).toMatchObject({ exitCode: 2 });
});

it('the check finds phones that send twice or are silent, without whole numbers', async () => {
  const check = async (options: Parameters<typeof startHttpSms>[0]) => {
    const { url } = await startHttpSms(options);
    const settings = { url, apiKey, signingKeys: [signingKey], webhookUrl: here, confirm: false };
    const found = await httpSms.manage({ ...settings, simulated: false, hasSecret: true }).check(publicUrl);
    return found.filter(({ status }) => status !== 'ok').map((one) => one.found);
  };
  const unregistered = expect.stringContaining('Not all webhooks lead to') as string;
  expect(await check({})).toEqual([unregistered]);
  expect(await check({ attempts: 0, heartbeatHours: 3.5 })).toEqual([
    unregistered,
    'httpSMS asks the phone of …0198 to send a reply up to 2 times',
    'httpSMS heard of the phone of …0198 3 h ago for the last time',
    'httpSMS asks the phone of …0199 to send a reply up to 2 times',
    'httpSMS heard of the phone of …0199 3 h ago for the last time',
  ]);
});
