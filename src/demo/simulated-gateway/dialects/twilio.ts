import { createHash, createHmac } from 'node:crypto';
import type { ReceiptState } from '../../../domain/receipt.js';
import type { TwilioSettings } from '../../../gateways/twilio/settings.js';
import type { ApiRequest, ApiResponse, AskedText, Dialect, WebhookPost, WrittenText, SentText } from '../dialect.js';

/** The number that people text, by SMS and by WhatsApp. */
const ourNumber = '+15550009999';

type Account = Pick<TwilioSettings, 'accountSid' | 'authTokens' | 'publicUrl'>;

/** Creates the dialect of Twilio: https://www.twilio.com/docs/messaging/api/message-resource */
export function createTwilioDialect({ settings, webhookUrl }: { settings: Account; webhookUrl: string }): Dialect {
  const { accountSid } = settings;
  // Twilio signs the public address, also where the simulated gateway posts to another one.
  const publicUrl = webhookUrl.replace(/^https?:\/\/[^/]+/, settings.publicUrl);
  const postOf = (url: string, form: Record<string, string>, signedUrl = url): WebhookPost => ({
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-twilio-signature': signatureOf(signedUrl, form, settings.authTokens[0]),
    },
    body: new URLSearchParams(form).toString(),
  });
  return {
    readSend: (request) => readSend(request, settings),
    accepted: (text) => ({ status: 201, body: created(text, accountSid) }),
    failed: errorOf,
    postOfText: (text) => postOf(webhookUrl, formOfText(text, accountSid), publicUrl),
    postsOfReceipt(text, state) {
      return text.receiptsUrl === undefined ? [] : [postOf(text.receiptsUrl, formOfReceipt(text, state, accountSid))];
    },
  };
}

function readSend(
  { method, pathname, headers, body }: ApiRequest,
  { accountSid, authTokens }: Account,
): AskedText | ApiResponse | undefined {
  const path = /^\/2010-04-01\/Accounts\/([^/]+)\/Messages\.json$/.exec(pathname);
  if (!path || method !== 'POST') return undefined;
  const credentials = authTokens.map((token) => `Basic ${btoa(`${accountSid}:${token}`)}`);
  if (path[1] !== accountSid || !credentials.includes(headers.authorization ?? '')) return refusal(401, 20003);

  const form = new URLSearchParams(body);
  const [to, from, text, receiptsUrl] = ['To', 'From', 'Body', 'StatusCallback'].map((name) => form.get(name) ?? '');
  if (!to) return refusal(400, 21604);
  if (!from) return refusal(400, 21603);
  if (!text) return refusal(400, 21602);
  const validity = form.get('ValidityPeriod');
  if (validity !== null && !(/^\d+$/.test(validity) && +validity >= 1 && +validity <= 36_000)) {
    return refusal(400, 21624);
  }
  if (!receiptsUrl) return { to, text, from };
  if (!URL.canParse(receiptsUrl)) return refusal(400, 21609);
  const mark = new URL(receiptsUrl).searchParams.get('m');
  return { to, text, from, receiptsUrl, ...(mark !== null && { mark }) };
}

const refusal = (status: number, code: number): ApiResponse => ({ status, body: errorOf(status, code) });

function errorOf(status: number, code = status === 401 ? 20003 : 20000 + status) {
  return { code, message: 'As the script says', more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

function created({ id, to, text, at, from = ourNumber }: SentText, accountSid: string) {
  const sid = sidOf(id);
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: text,
    date_created: new Date(at).toUTCString().replace('GMT', '+0000'),
    date_sent: null,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status: 'queued',
    to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  };
}

function formOfText({ guid, number, text }: WrittenText, accountSid: string): Record<string, string> {
  const sid = sidOf(guid);
  const channel = /^[a-z]+:(?=\+)/.exec(number)?.[0] ?? '';
  return {
    ToCountry: 'US',
    SmsMessageSid: sid,
    NumMedia: '0',
    SmsSid: sid,
    SmsStatus: 'received',
    Body: text,
    FromCountry: 'US',
    To: `${channel}${ourNumber}`,
    NumSegments: '1',
    MessageSid: sid,
    AccountSid: accountSid,
    From: number,
    ApiVersion: '2010-04-01',
  };
}

const statuses = { accepted: 'queued', sent: 'sent', delivered: 'delivered', failed: 'undelivered' } as const;

function formOfReceipt(
  { id, to, from = ourNumber }: SentText,
  state: ReceiptState,
  accountSid: string,
): Record<string, string> {
  const [sid, status] = [sidOf(id), statuses[state]];
  return {
    SmsSid: sid,
    SmsStatus: status,
    MessageStatus: status,
    To: to,
    MessageSid: sid,
    AccountSid: accountSid,
    From: from,
    ApiVersion: '2010-04-01',
    // Unreachable handset: https://www.twilio.com/docs/api/errors/30003
    ...(state === 'failed' && { ErrorCode: '30003' }),
  };
}

/** Returns an id in the form of Twilio's. */
function sidOf(id: string): string {
  return /^SM[0-9a-f]{32}$/.test(id) ? id : `SM${createHash('md5').update(id).digest('hex')}`;
}

/** Signs like Twilio; src/gateways/twilio/signature.ts verifies it. No parameter occurs twice here. */
function signatureOf(url: string, form: Record<string, string>, authToken: string): string {
  const names = Object.keys(form).sort();
  const signed = names.reduce((before, name) => `${before}${name}${form[name]}`, url);
  return createHmac('sha1', authToken).update(signed).digest('base64');
}
