import { createSenderOf } from '../../../src/domain/sender.js';
import type { Post } from '../../../src/domain/intake.js';
import type { RequestHead } from '../../../src/gateways/gateway.js';
import { createInbound } from '../../../src/gateways/twilio/inbound.js';
import type { TwilioSettings } from '../../../src/gateways/twilio/settings.js';

export const authToken = '0123456789abcdef0123456789abcdef';

export const settings: TwilioSettings = {
  url: 'https://api.twilio.com',
  simulated: false,
  hasSecret: true,
  accountSid: 'AC22222222222222222222222222222222',
  authTokens: [authToken],
  publicUrl: 'https://sms.example.org',
};

/** A text, as Twilio posts it. */
export const postedBody =
  'ToCountry=US&SmsMessageSid=SM11111111111111111111111111111111&NumMedia=0' +
  '&SmsSid=SM11111111111111111111111111111111&SmsStatus=received&Body=Yes%2C+I%27ll+be+there+%F0%9F%91%8D' +
  '&FromCountry=US&To=%2B12065550199&NumSegments=1&MessageSid=SM11111111111111111111111111111111' +
  '&AccountSid=AC22222222222222222222222222222222&From=%2B12065550101&ApiVersion=2010-04-01';

/** A receipt, as Twilio posts it. */
export const receiptBody =
  'MessageSid=SM33333333333333333333333333333333&MessageStatus=delivered' +
  '&AccountSid=AC22222222222222222222222222222222&From=%2B12065550199&To=%2B12065550101&ApiVersion=2010-04-01' +
  '&SmsSid=SM33333333333333333333333333333333&SmsStatus=delivered&RawDlrDoneDate=2611241340';

/** Returns the body with some parameters set, or removed when their value is undefined. */
export function changed(body: string, changes: Record<string, string | undefined>): string {
  const form = new URLSearchParams(body);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) form.delete(name);
    else form.set(name, value);
  }
  return form.toString();
}

export const acceptedAt = new Date('2026-11-24T13:40:02.000Z');

export const inboundOf = (overrides: Partial<TwilioSettings> = {}) =>
  createInbound({ ...settings, ...overrides }, { senderOf: createSenderOf('US') });

export const read = (body: string | Buffer, query: RequestHead['query'] = {}): Post =>
  inboundOf().read(Buffer.from(body), acceptedAt, query);

/** An error, as Twilio writes it: its message may quote the number. */
export const errorBody = (code: number, status = 400) => ({ code, message: 'in words, about +12065550101', status });
