import { z } from 'zod';
import { type Api, askApi } from '../ask-api.js';
import { basicAuthorization, withoutSlash } from '../request.js';
import type { TwilioSettings } from './settings.js';

export type TwilioAccount = Pick<TwilioSettings, 'url' | 'accountSid' | 'authTokens'>;

const incomingNumber = z.object({
  sid: z.string().regex(/^PN\w{1,60}$/),
  phone_number: z.string(),
  sms_url: z.string().nullish(),
  sms_method: z.string().nullish(),
  sms_application_sid: z.string().nullish(),
  capabilities: z.object({ sms: z.boolean().nullish() }).nullish().catch(undefined),
});
export type IncomingNumber = z.infer<typeof incomingNumber>;

const apiOf = ({ url, accountSid, authTokens }: TwilioAccount): Api => ({
  title: 'Twilio',
  url: `${withoutSlash(url)}/2010-04-01/Accounts/${accountSid}`,
  headers: { authorization: basicAuthorization(accountSid, authTokens[0]) },
  credentials: 'TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN',
});

/**
 * Lists the numbers of the account that get texts: the first 1,000, or those that contain `number`.
 * https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export async function listNumbers(account: TwilioAccount, number?: string): Promise<IncomingNumber[]> {
  const query = new URLSearchParams({ PageSize: '1000', ...(number !== undefined && { PhoneNumber: number }) });
  const schema = z.object({ incoming_phone_numbers: z.array(incomingNumber) });
  const listed = await askApi(apiOf(account), `/IncomingPhoneNumbers.json?${query.toString()}`, { schema });
  return listed.incoming_phone_numbers.filter(({ capabilities }) => capabilities?.sms !== false);
}

/** Sets where the texts of a number are posted. An application set there would come first, so it is removed. */
export async function setSmsUrl(account: TwilioAccount, { sid }: IncomingNumber, address: string): Promise<void> {
  const body = new URLSearchParams({ SmsUrl: address, SmsMethod: 'POST', SmsApplicationSid: '' });
  await askApi(apiOf(account), `/IncomingPhoneNumbers/${sid}.json`, { method: 'POST', body, schema: z.unknown() });
}
