import { httpSms } from '../../../src/gateways/httpsms/gateway.js';
import type { HttpSmsSettings } from '../../../src/gateways/httpsms/settings.js';
import { type ContractCases, longText } from '../contract.js';
import { accepted, anEvent, aRow, contact, owner, reply, settings as settingsOfTests } from './setup.js';
import { signedToken, signingKey, vectorAt, vectorToken } from './tokens.js';

const environment = {
  HTTPSMS_API_KEY: settingsOfTests.apiKey,
  HTTPSMS_SIGNING_KEY: signingKey,
  HTTPSMS_API_URL: 'https://api.httpsms.example',
  PUBLIC_URL: 'https://sms.example.org',
};
const settings: HttpSmsSettings = { ...settingsOfTests, url: environment.HTTPSMS_API_URL, simulated: false };

const otherSecret: HttpSmsSettings = { ...settings, signingKeys: ['another-signing-key'] };
const confirmedWith: HttpSmsSettings = { ...settings, confirm: true };

const invalid = (data: unknown) => ({ status: 'error', message: 'from the provider', data });
const theirs = `could not validate 'from' number [${owner}], please try again later`;
const unknownPhone = `no phone found with with 'from' number [${owner}]. install the android app`;
const list = (...data: unknown[]) => ({ status: 200, body: { status: 'success', data } });

export const cases: ContractCases = {
  gateway: httpSms,
  settings,
  environment,
  requiredVariables: ['HTTPSMS_API_KEY', 'HTTPSMS_SIGNING_KEY', 'PUBLIC_URL'],
  secrets: [settings.apiKey, 'from the provider'],
  signature: {
    vector: {
      body: JSON.stringify(anEvent()),
      target: '/api/webhook/httpsms',
      headers: { authorization: `Bearer ${vectorToken}` },
      at: vectorAt,
    },
    sign: (_body, { at, settings: signer = settings }) => {
      const [key] = (signer as HttpSmsSettings).signingKeys;
      return { authorization: `Bearer ${signedToken({ at, key })}` };
    },
    // 10 minutes, and a minute for clocks that differ.
    validForMs: 660_000,
    body: { confirmedWith },
    otherSecret,
  },
  bodies: {
    optionalFieldsAbsent: {
      body: JSON.stringify({ type: 'message.phone.received', data: { message_id: '1', contact, content: 'Yes' } }),
      message: { id: 'httpsms.1', from: contact, to: undefined, receivedAt: undefined, text: 'Yes' },
    },
    unknownFields: {
      body: JSON.stringify(anEvent({ priority: 1, sim: { slot: 1 } }, { version: 2 })),
      message: { from: contact, to: owner, text: 'Yes, I agree' },
    },
    emptyText: { body: JSON.stringify(anEvent({ content: '' })), message: { text: '' } },
    nameAsSender: {
      body: JSON.stringify(anEvent({ contact: 'Vodafone' })),
      message: { from: 'Vodafone', sender: 'Vodafone' },
    },
    long: { body: JSON.stringify(anEvent({ content: longText })), message: { text: longText } },
    severalRecipients: 'none',
    unreadable: { body: '{"data":{}}', status: 422 },
  },
  ids: 'prefixed',
  reply,
  success: { status: 200, body: accepted, sent: { gatewayMessageId: accepted.data.id } },
  responses: {
    '400': { status: 400, body: invalid(null), error: 'ReplyRejectedError' },
    '401 with words': { status: 401, body: invalid('from the provider'), error: 'ReplyRejectedError' },
    "402, the plan's limit": { status: 402, body: invalid(null), error: 'ReplyRejectedError' },
    '422': { status: 422, body: invalid({ to: [`${contact} is no number`] }), error: 'ReplyRejectedError' },
    '422 with a field of theirs': {
      status: 422,
      body: invalid({ content: ['x'], [contact]: ['x'] }),
      error: 'ReplyRejectedError',
    },
    '422, unknown phone': { status: 422, body: invalid({ from: [unknownPhone, theirs] }), error: 'ReplyRejectedError' },
    '422, failed database': { status: 422, body: invalid({ from: [theirs] }), error: 'ReplyNotSentError' },
    '422, the same beside a fault': {
      status: 422,
      body: invalid({ from: [theirs], send_at: ['x'] }),
      error: 'ReplyRejectedError',
    },
    '422 without a list': { status: 422, body: invalid('x'), error: 'ReplyRejectedError' },
    '422 in HTML': { status: 422, body: '<html>', error: 'ReplyRejectedError' },
    '429 with words': { status: 429, body: invalid(null), error: 'ReplyNotSentError' },
    '500 with words': { status: 500, body: invalid(null), error: 'ReplyMaybeSentError' },
    'success with an error': { status: 200, body: invalid(null), error: 'ReplyMaybeSentError' },
    'success without a body': { status: 204, error: 'ReplyMaybeSentError' },
  },
  isRepeatable: false,
  receipts: {
    mark: reply.mark,
    post: (status, mark = 'an-id-of-another-program') => {
      const [type = '', final] = status.split(' ');
      const data = { request_id: mark, error_message: 'NO_SERVICE', ...(final && { is_final: final === 'final' }) };
      return { body: JSON.stringify(anEvent(data, { type })) };
    },
    statuses: {
      'message.phone.sent': 'sent',
      'message.phone.delivered': 'delivered',
      'message.send.failed': 'failed',
      'message.send.expired final': 'failed',
      'message.send.expired retried': 'none',
      'message.send.expired': 'none',
      'message.call.missed': 'none',
      'phone.heartbeat.offline': 'none',
    },
  },
  lookUp: {
    found: list(null, {}, aRow({ id: 'x', request_id: null }), aRow()),
    sent: { gatewayMessageId: aRow().id },
    absent: list(),
    halfFound: list(aRow({ request_id: 'httpsms.other.1' }), aRow({ request_id: reply.mark.replace(/1$/, '2') })),
  },
};
