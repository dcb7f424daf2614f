import { z } from 'zod';
import { type Api, askApi } from '../ask-api.js';
import { withoutSlash } from '../request.js';
import type { TelnyxSettings } from './settings.js';

export type TelnyxAccount = Pick<TelnyxSettings, 'url' | 'apiKey'>;

const profile = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  name: z.string().catch('without a name'),
  webhook_url: z.string().nullish(),
  webhook_failover_url: z.string().nullish(),
  webhook_api_version: z.string().nullish(),
});
export type Profile = z.infer<typeof profile>;

const apiOf = ({ url, apiKey }: TelnyxAccount): Api => ({
  title: 'Telnyx',
  url: `${withoutSlash(url)}/v2`,
  headers: { authorization: `Bearer ${apiKey}` },
  credentials: 'TELNYX_API_KEY',
});

/** Everything in one page: the most that the API lists at once. */
const page = new URLSearchParams({ 'page[size]': '250' }).toString();

/** Lists the messaging profiles of the account: https://developers.telnyx.com/api-reference/profiles */
export async function listProfiles(account: TelnyxAccount): Promise<Profile[]> {
  const schema = z.object({ data: z.array(profile) });
  return (await askApi(apiOf(account), `/messaging_profiles?${page}`, { schema })).data;
}

/** Lists the numbers in a messaging profile. */
export async function numbersIn(account: TelnyxAccount, { id }: Profile): Promise<string[]> {
  const schema = z.object({ data: z.array(z.object({ phone_number: z.string() })) });
  const { data } = await askApi(apiOf(account), `/messaging_profiles/${id}/phone_numbers?${page}`, { schema });
  return data.map(({ phone_number }) => phone_number);
}

/** Sets where the texts to the numbers of a messaging profile are posted. */
export async function setWebhookUrl(account: TelnyxAccount, { id }: Profile, address: string): Promise<void> {
  const body = { webhook_url: address, webhook_api_version: '2' };
  await askApi(apiOf(account), `/messaging_profiles/${id}`, { method: 'PATCH', body, schema: z.unknown() });
}
