import { expect, it } from 'vitest';
import { telnyx } from '../../../src/gateways/telnyx/gateway.js';
import { connect, publicUrl, startProvider, useProviders } from './provider.js';

useProviders();

const apiKey = 'KEY0123456789-of-this-test';
const publicKey = 'A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=';
const here = `${publicUrl}/api/webhook/telnyx`;

interface Profile {
  id: string;
  name: string;
  webhook_url: string | null;
  webhook_failover_url: string | null;
  webhook_api_version: string;
}

const aProfile = (id: string, changed: Partial<Profile> = {}): Profile => ({
  id,
  name: `Profile ${id}`,
  webhook_url: null,
  webhook_failover_url: null,
  webhook_api_version: '2',
  ...changed,
});

/** Each profile has one number, which ends with the profile's id. */
async function startTelnyx(...profiles: Profile[]) {
  const provider = await startProvider(({ asked, headers, body }) => {
    if (headers.authorization !== `Bearer ${apiKey}`) return { status: 401 };
    if (asked.startsWith('GET /v2/messaging_profiles?')) return { body: { data: profiles } };
    const profile = profiles.find(({ id }) => asked.includes(`/v2/messaging_profiles/${id}`));
    if (!profile) return { status: 404 };
    if (asked.startsWith('GET')) return { body: { data: [{ phone_number: `+1206555010${profile.id}` }] } };
    return { body: { data: Object.assign(profile, JSON.parse(body)) } };
  });
  return { ...provider, env: { TELNYX_API_KEY: apiKey, TELNYX_PUBLIC_KEY: publicKey, TELNYX_API_URL: provider.url } };
}

it('registers the only messaging profile, and says "already" the second time', async () => {
  const profile = aProfile('1', { webhook_url: here, webhook_api_version: '1' });
  const { env, writes } = await startTelnyx(profile);
  const { exitCode, stdout } = await connect('telnyx --yes', env);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('is connected') as string,
  });
  expect(stdout).not.toContain(apiKey);
  expect(profile).toMatchObject({ webhook_url: here, webhook_api_version: '2' });
  expect((await connect('telnyx --yes', env)).stdout).toContain('already connected');
  expect(writes()).toEqual(['PATCH /v2/messaging_profiles/1']);
});

it('overwrites a foreign address only with --replace', async () => {
  const profile = aProfile('1', { webhook_url: 'https://other.example.com/a-secret' });
  const { env, writes } = await startTelnyx(profile);
  const refused = await connect('telnyx --yes', env);
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout + refused.stderr).not.toContain('a-secret');
  expect(writes()).toEqual([]);
  expect((await connect('telnyx --yes --replace', env)).exitCode).toBe(0);
  expect(profile.webhook_url).toBe(here);
});

it('finds the profile by a number when there are several', async () => {
  const profiles = [aProfile('1'), aProfile('2')];
  const { env } = await startTelnyx(...profiles);
  expect(await connect('telnyx --yes', env)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('Profile 1, Profile 2') as string,
  });
  expect((await connect('telnyx --yes --number +12065550102', env)).exitCode).toBe(0);
  expect(profiles.map(({ webhook_url }) => webhook_url)).toEqual([null, here]);
});

it('the check counts the profiles that post here, and names a foreign failover address', async () => {
  const failover = 'https://other.example.com/a-secret';
  const { url } = await startTelnyx(
    aProfile('1', { webhook_url: here, webhook_failover_url: failover }),
    aProfile('2'),
  );
  const settings = { url, apiKey, publicKey, webhookUrl: here, simulated: false, hasSecret: true };
  const found = await telnyx.manage(settings).check(publicUrl);
  expect(found.map(({ status }) => status)).toEqual(['ok', 'ok', 'warn']);
  expect(found[1]?.found).toBe(`1 of 2 messaging profile(s) post to ${publicUrl}`);
  expect(found[2]?.found).toContain('https://other.example.com/… when');
  await expect(telnyx.manage({ ...settings, apiKey: 'KEY-wrong' }).check(publicUrl)).rejects.toThrow(
    'rejects TELNYX_API_KEY',
  );
});
