import { expect, it } from 'vitest';
import { smsGate } from '../../../src/gateways/smsgate/gateway.js';
import { type Answer, type Asked, connect, publicUrl, startProvider, useProviders } from './provider.js';

useProviders();

interface Hook {
  id: string;
  url: string;
  event: string;
  deviceId?: string | null;
}

const here = `${publicUrl}/api/webhook/smsgate`;
const authorization = `Basic ${Buffer.from('ABC123:a-password').toString('base64')}`;
const longKey = 'a-signing-key-of-this-test';
const events = ['sms:received', 'sms:sent', 'sms:delivered', 'sms:failed'];

/** A server that keeps webhooks as the cloud does: the same id replaces, and it doesn't know `sms:cancelled`. */
async function startSmsGate(hooks: Hook[] = [], others: Record<string, Answer> = {}) {
  const kept = new Map(hooks.map((hook) => [hook.id, hook]));
  const provider = await startProvider(({ asked, headers, body }: Asked) => {
    if (headers.authorization !== authorization) return { status: 401 };
    if (asked === 'GET /webhooks') return { body: [...kept.values()] };
    if (asked !== 'POST /webhooks') return others[asked] ?? { status: 404 };
    const hook = JSON.parse(body) as Hook;
    if (hook.event === 'sms:cancelled') return { status: 400 };
    kept.set(hook.id, hook);
    return { status: 201, body: hook };
  });
  const env = {
    SMSGATE_URL: `${provider.url}/`,
    SMSGATE_USER: 'ABC123',
    SMSGATE_PASSWORD: 'a-password',
    SMSGATE_SIGNING_KEY: longKey,
  };
  return { ...provider, env, kept: () => [...kept.values()] };
}

it('registers a webhook for each event, and says "already" the second time', async () => {
  const { env, kept, writes } = await startSmsGate();
  const first = await connect('smsgate --yes', env);
  expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('SMSGate is connected') as string });
  expect(first.stdout).toContain(`register  sms:received: ${here}`);
  expect(first.stderr).toBe('SMSGate does not have these, which are not needed: sms:cancelled\n');
  expect(first.stdout + first.stderr).not.toMatch(/a-password|signing-key/);
  expect(kept()).toEqual(
    [...events, 'system:ping'].map((event) => ({
      id: `answerback-${event.split(':')[1]}`,
      url: here,
      event,
      deviceId: null,
    })),
  );
  const before = writes().length;
  const second = await connect('smsgate --yes', env);
  expect(second).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('already connected') as string });
  expect(writes()).toHaveLength(before);
});

it('without --yes and without a terminal it only prints what it would do, with exit code 2', async () => {
  const { env, writes } = await startSmsGate();
  expect(await connect('smsgate', env)).toMatchObject({
    exitCode: 2,
    stdout: expect.stringContaining(`register  sms:sent: ${here}`) as string,
    stderr: 'Nothing was changed: add --yes to do this\n',
  });
  const { stdout } = await connect('smsgate --json', env);
  expect(JSON.parse(stdout)).toMatchObject({ gateway: 'smsgate', done: false, steps: { length: 6 } });
  expect(writes()).toEqual([]);
});

it('overwrites an address of another service only with --replace, and shows no path of it', async () => {
  const foreign = { id: 'answerback-sent', url: 'https://other.example.com/a-secret-path', event: 'sms:sent' };
  const { env, kept, writes } = await startSmsGate([foreign]);
  const refused = await connect('smsgate --yes', env);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('add --replace') as string });
  expect(refused.stdout).toContain('instead of https://other.example.com/…');
  expect(refused.stdout + refused.stderr).not.toContain('a-secret-path');
  expect(writes()).toEqual([]);
  expect((await connect('smsgate --yes --replace', env)).exitCode).toBe(0);
  expect(kept()).toContainEqual({ ...foreign, url: here, deviceId: null });
});

it('changes an address of its own without --replace, and leaves what others registered', async () => {
  const old = { id: 'answerback-sent', url: `${publicUrl}/api/webhook/sms-received`, event: 'sms:sent' };
  const other = { id: 'other', url: 'https://sms.example.org.evil.example/x', event: 'sms:received' };
  const { env, kept } = await startSmsGate([old, other]);
  const { exitCode, stdout } = await connect('smsgate --yes', env);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/change +sms:sent/);
  expect(stdout).toContain('Received texts go to https://sms.example.org.evil.example/… too');
  expect(kept()).toContainEqual(other);
});

it('says which credentials are wrong, and follows no redirect with them', async () => {
  const { env } = await startSmsGate();
  expect(await connect('smsgate --yes', { ...env, SMSGATE_PASSWORD: 'wrong-one' })).toMatchObject({
    exitCode: 1,
    stderr:
      'SMSGate rejects SMSGATE_USER and SMSGATE_PASSWORD (401): set SMSGATE_USER and SMSGATE_PASSWORD correctly\n',
  });
  const moved = await startProvider(() => ({ status: 302 }));
  expect((await connect('smsgate --yes', { ...env, SMSGATE_URL: moved.url })).stderr).toContain('returned status 302');
});

it('the check finds silent phones, the order, short keys, plain http and missing webhooks', async () => {
  const lastSeen = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString().replace('Z', '+00:00');
  const { url } = await startSmsGate([], {
    'GET /devices': {
      body: [
        { name: 'old', lastSeen: lastSeen(13.5) },
        { name: 'new', lastSeen: lastSeen(1) },
      ],
    },
    'GET /settings': { body: { messages: { processing_order: 'LIFO' } } },
  });
  const account = { user: 'ABC123', password: 'a-password', simulated: false, hasSecret: true };
  const check = async (settings: { url: string; signingKeys: string[] }) =>
    (await smsGate.manage({ ...account, ...settings }).check(publicUrl)).filter(({ status }) => status !== 'ok');
  const found = (await check({ url, signingKeys: ['8-chars!'] })).map((one) => one.found);
  expect(found).toEqual([
    expect.stringMatching(/^Not all webhooks lead to .*sms:received/),
    'SMSGate saw the phone old 13 h ago for the last time',
    'SMSGate sends the newest reply first',
    'SMSGATE_SIGNING_KEY has a key of under 16 characters',
  ]);
  const hooks = events.map((event) => ({ id: event, url: here, event }));
  const fine = await startSmsGate(hooks);
  expect(await check({ url: fine.url, signingKeys: [longKey] })).toEqual([]);
});
