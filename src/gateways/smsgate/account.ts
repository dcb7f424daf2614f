import { z } from 'zod';
import { AdminError } from '../admin.js';
import { type Api, askApi } from '../ask-api.js';
import { basicAuthorization, withoutSlash } from '../request.js';
import type { SmsGateSettings } from './settings.js';

export type SmsGateAccount = Pick<SmsGateSettings, 'url' | 'user' | 'password' | 'signingKeys'>;

const hook = z.object({
  id: z.string(),
  url: z.string(),
  event: z.string(),
  deviceId: z.string().nullish(),
});
export type Hook = z.infer<typeof hook>;

/** How the API of the account is asked. */
export const apiOf = ({ url, user, password }: SmsGateAccount): Api => ({
  title: 'SMSGate',
  url: withoutSlash(url),
  headers: { authorization: basicAuthorization(user, password) },
  credentials: 'SMSGATE_USER and SMSGATE_PASSWORD',
});

/** Lists the webhooks of the account; in local mode those of the phone. */
export const listHooks = (account: SmsGateAccount): Promise<Hook[]> =>
  askApi(apiOf(account), '/webhooks', { schema: z.array(hook) });

/**
 * Registers a webhook for all phones. The same id replaces an earlier one.
 *
 * @returns `refused` when the server doesn't know the event, or doesn't take the address
 */
export async function registerHook(
  account: SmsGateAccount,
  registered: Omit<Hook, 'deviceId'>,
): Promise<'registered' | 'refused'> {
  try {
    const body = { ...registered, deviceId: null };
    await askApi(apiOf(account), '/webhooks', { method: 'POST', body, schema: z.unknown() });
    return 'registered';
  } catch (error) {
    if (error instanceof AdminError && error.status === 400) return 'refused';
    throw error;
  }
}
