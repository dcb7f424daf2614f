import { z } from 'zod';
import { type Api, askApi } from '../ask-api.js';
import { withoutSlash } from '../request.js';
import type { HttpSmsSettings } from './settings.js';

export type HttpSmsAccount = Pick<HttpSmsSettings, 'url' | 'apiKey' | 'signingKeys'>;

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const hook = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  url: z.string(),
  signing_key: z.string().catch(''),
  events: texts,
  phone_numbers: texts,
});
export type Hook = z.infer<typeof hook>;

const phone = z.object({ phone_number: z.string(), max_send_attempts: z.number().catch(1) });
export type Phone = z.infer<typeof phone>;

const apiOf = ({ url, apiKey }: HttpSmsAccount): Api => ({
  title: 'httpSMS',
  url: `${withoutSlash(url)}/v1`,
  headers: { 'x-api-key': apiKey },
  credentials: 'HTTPSMS_API_KEY',
});

/** The most that the API lists at once. An account has at most 10 webhooks. */
const page = 'skip=0&limit=20';

/** Lists the webhooks of the account: https://api.httpsms.com/index.html */
export async function listHooks(account: HttpSmsAccount): Promise<Hook[]> {
  return (await askApi(apiOf(account), `/webhooks?${page}`, { schema: z.object({ data: z.array(hook) }) })).data;
}

/** Lists the phones of the account, one for each SIM. */
export async function listPhones(account: HttpSmsAccount): Promise<Phone[]> {
  return (await askApi(apiOf(account), `/phones?${page}`, { schema: z.object({ data: z.array(phone) }) })).data;
}

/** When a phone was last heard of, in milliseconds since 1970. Undefined: never. */
export async function lastHeartbeat(account: HttpSmsAccount, owner: string): Promise<number | undefined> {
  const query = new URLSearchParams({ owner, skip: '0', limit: '1' }).toString();
  const schema = z.object({ data: z.array(z.object({ timestamp: z.iso.datetime({ offset: true }) })) });
  const { data } = await askApi(apiOf(account), `/heartbeats?${query}`, { schema });
  return data[0] && Date.parse(data[0].timestamp);
}

/** Adds a webhook, or changes the one with this id. */
export async function writeHook(
  account: HttpSmsAccount,
  { id, ...body }: Omit<Hook, 'id'> & { id: string | undefined },
) {
  const path = id === undefined ? '/webhooks' : `/webhooks/${id}`;
  await askApi(apiOf(account), path, { method: id === undefined ? 'POST' : 'PUT', body, schema: z.unknown() });
}
