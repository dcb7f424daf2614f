import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { twilio } from '../../../src/gateways/twilio/gateway.js';
import { maxParameters } from '../../../src/gateways/twilio/form.js';
import type { TwilioSettings } from '../../../src/gateways/twilio/settings.js';
import { type ContractCases, longText } from '../contract.js';
import { acceptedAt, authToken, changed, errorBody, postedBody, receiptBody, settings } from './setup.js';

const otherSecret: TwilioSettings = { ...settings, authTokens: ['fedcba9876543210fedcba9876543210'] };
const sid = `SM${'3'.repeat(32)}`;

/** The parameters of a form, as Twilio's library wants them. */
function parametersOf(body: string | Buffer): Record<string, string[]> {
  const parameters = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of new URLSearchParams(String(body))) (parameters[name] ??= []).push(value);
  return parameters;
}

const rejected = (code: number, status = 400) =>
  ({ status, body: errorBody(code, status), error: 'ReplyRejectedError' }) as const;
const unreachable = (code: number) => ({ ...rejected(code), number: 'unreachable' }) as const;
const optedOut = (status: number) => ({ ...rejected(21610, status), number: 'opted-out' }) as const;

export const cases: ContractCases = {
  gateway: twilio,
  settings,
  environment: {
    TWILIO_ACCOUNT_SID: settings.accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_API_URL: settings.url,
    PUBLIC_URL: settings.publicUrl,
  },
  requiredVariables: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'PUBLIC_URL'],
  secrets: [authToken, 'in words'],
  signature: {
    vector: {
      body: postedBody,
      target: '/api/webhook/twilio?line=front',
      headers: { 'x-twilio-signature': '6fefjpFaL6yhZ28YpcvgDuDRgKw=' },
      at: acceptedAt,
    },
    sign: (body, { target, settings: signer = settings }) => {
      const { authTokens, publicUrl } = signer as TwilioSettings;
      const url = `${publicUrl}${target}`;
      return { 'x-twilio-signature': getExpectedTwilioSignature(authTokens[0], url, parametersOf(body)) };
    },
    validForMs: 'none',
    body: 'signed',
    otherSecret,
  },
  bodies: {
    optionalFieldsAbsent: {
      body: `MessageSid=SM${'1'.repeat(32)}&AccountSid=${settings.accountSid}&From=%2B12065550101`,
      message: { from: '+12065550101', to: undefined, text: '' },
    },
    unknownFields: {
      body: `${postedBody}&AddOns=%7B%7D&MediaUrl0=x&New=1&New=2`,
      message: { from: '+12065550101', to: '+12065550199', text: "Yes, I'll be there 👍" },
    },
    emptyText: { body: changed(postedBody, { Body: '' }), message: { text: '' } },
    nameAsSender: { body: changed(postedBody, { From: 'MPESA' }), message: { from: 'MPESA', sender: 'MPESA' } },
    long: { body: changed(postedBody, { Body: longText }), message: { text: longText } },
    severalRecipients: 'none',
    unreadable: { body: 'x=1&'.repeat(maxParameters + 1), status: 400 },
  },
  ids: 'prefixed',
  reply: {
    to: '+12065550101',
    from: '+12065550199',
    text: 'Süß & private?=%',
    validForMs: 3_600_900,
    isUrgent: false,
    mark: 'twilio.a1-2.1',
  },
  success: { status: 201, body: { sid, status: 'queued', error_code: null }, sent: { gatewayMessageId: sid } },
  responses: {
    'opted out': optedOut(400),
    'opted out, as a 403': optedOut(403),
    'not a number': unreachable(21211),
    'a short code': unreachable(21265),
    'not a mobile number': unreachable(21614),
    'a landline': unreachable(21635),
    'no such account': rejected(20003, 401),
    'not our number': rejected(21606),
    'a trial account': rejected(21608),
    'no such country': rejected(21408),
    'not reachable from our number': rejected(21612),
    'a text that is too long': rejected(21617),
    'not found': rejected(20404, 404),
    'too many requests': { status: 429, body: errorBody(20429, 429), error: 'ReplyNotSentError' },
    'a full queue': { status: 400, body: errorBody(21611), error: 'ReplyNotSentError' },
    'a full queue, as a 500': { status: 500, body: errorBody(21611), error: 'ReplyMaybeSentError' },
    'opted out, as a 500': { status: 500, body: errorBody(21610, 500), error: 'ReplyMaybeSentError' },
    '302 with success': { status: 302, body: { sid }, headers: { location: '/x' }, error: 'ReplyRejectedError' },
    '400 without JSON': { status: 400, body: 'in words', error: 'ReplyRejectedError' },
    '400 with a code in words': { status: 400, body: { code: 'in words' }, error: 'ReplyRejectedError' },
    'success with another id': { status: 200, body: { sid: 'in words' }, error: 'ReplyMaybeSentError' },
    'success with an error': { status: 200, body: errorBody(21610), error: 'ReplyMaybeSentError' },
  },
  isRepeatable: false,
  receipts: {
    mark: 'twilio.a1-2.1',
    post: (status, mark) => ({
      body: changed(receiptBody, { MessageStatus: status, ErrorCode: '30003' }),
      query: mark === undefined ? {} : { m: mark },
    }),
    statuses: {
      accepted: 'accepted',
      scheduled: 'accepted',
      queued: 'accepted',
      sending: 'accepted',
      sent: 'sent',
      delivered: 'delivered',
      read: 'delivered',
      undelivered: 'failed',
      failed: 'failed',
      canceled: 'failed',
      received: 'none',
    },
  },
  lookUp: 'none',
};
