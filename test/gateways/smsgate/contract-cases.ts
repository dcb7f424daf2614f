import { smsGate } from '../../../src/gateways/smsgate/gateway.js';
import type { SmsGateSettings } from '../../../src/gateways/smsgate/settings.js';
import { type ContractCases, longText } from '../contract.js';
import { acceptedAt, anEventOfReply, aText, settings as settingsOfTests, signed, vector } from './posts.js';

const environment = {
  SMSGATE_URL: 'https://sms.example.org/api/3rdparty/v1',
  SMSGATE_USER: settingsOfTests.user,
  SMSGATE_PASSWORD: settingsOfTests.password,
  SMSGATE_SIGNING_KEY: 'k3y-from-the-phone',
};
const settings: SmsGateSettings = { ...settingsOfTests, url: environment.SMSGATE_URL };
const otherSecret: SmsGateSettings = { ...settings, signingKeys: ['k3y-from-another'] };

const words = { message: 'Words from the provider on +12065550101' };
const full = 'failed to enqueue message: queue limits exceeded: oldest pending message is over 24h';
const noPhone = { message: 'failed to select device: record not found' };
const mark = 'smsgate.abc_DEF-2.1';

export const cases: ContractCases = {
  gateway: smsGate,
  settings,
  environment,
  requiredVariables: ['SMSGATE_USER', 'SMSGATE_PASSWORD', 'SMSGATE_SIGNING_KEY'],
  secrets: [settings.password, 'from the provider'],
  signature: {
    vector: {
      body: vector.body,
      target: '/api/webhook/smsgate',
      headers: { 'x-timestamp': vector.timestamp, 'x-signature': vector.signature },
      at: acceptedAt,
    },
    sign: (body, { at, settings: signer = settings }) =>
      signed(body, { key: (signer as SmsGateSettings).signingKeys[0] ?? '', at: at.getTime() }),
    validForMs: 300_000,
    body: 'signed',
    otherSecret,
  },
  bodies: {
    optionalFieldsAbsent: {
      body: JSON.stringify(aText({ sender: undefined, recipient: undefined, simNumber: undefined })),
      message: { from: '+12065550101', to: undefined, line: 'dev000000000000000001', text: 'Yes, I agree 👍' },
    },
    unknownFields: {
      body: JSON.stringify(aText({ priority: 1, subject: { a: [] } }, { version: 2 })),
      message: { to: '+12065550199', line: 'dev000000000000000001/1', text: 'Yes, I agree 👍' },
    },
    emptyText: { body: JSON.stringify(aText({ message: '' })), message: { text: '' } },
    nameAsSender: {
      body: JSON.stringify(aText({ sender: 'Vodafone DE' })),
      message: { from: 'Vodafone DE', sender: 'Vodafone DE' },
    },
    long: { body: JSON.stringify(aText({ message: longText })), message: { text: longText } },
    severalRecipients: 'none',
    unreadable: { body: '{"event":7}', status: 422 },
  },
  ids: 'prefixed',
  reply: {
    to: '+12065550101',
    from: '+12065550199',
    line: 'dev000000000000000001/2',
    text: 'Süß & private 👍',
    validForMs: 3_600_999,
    isUrgent: false,
    mark,
  },
  success: {
    status: 202,
    headers: { location: '/3rdparty/v1/messages/x' },
    body: { id: mark, deviceId: 'dev000000000000000001', state: 'Pending', recipients: [], states: {} },
    sent: { gatewayMessageId: mark },
  },
  responses: {
    '400': { status: 400, body: words, error: 'ReplyRejectedError' },
    '400, wrong phone in local mode': {
      status: 400,
      body: { message: 'Invalid device ID' },
      error: 'ReplyRejectedError',
    },
    '400, no phone online': { status: 400, body: noPhone, error: 'ReplyNotSentError' },
    '401 with words': { status: 401, body: words, error: 'ReplyRejectedError' },
    '403 with words': { status: 403, body: words, error: 'ReplyRejectedError' },
    '404 with the words of a 400': { status: 404, body: noPhone, error: 'ReplyRejectedError' },
    '429 with words': { status: 429, body: words, error: 'ReplyNotSentError' },
    '503, the queue is full': { status: 503, body: { message: full }, error: 'ReplyNotSentError' },
    '503, as documented': { status: 503, body: { message: 'queue limits exceeded' }, error: 'ReplyNotSentError' },
    '500 with words': { status: 500, body: words, error: 'ReplyMaybeSentError' },
    '500 with the words of a 503': { status: 500, body: { message: full }, error: 'ReplyMaybeSentError' },
    '503 with Retry-After': {
      status: 503,
      headers: { 'retry-after': '1' },
      body: words,
      error: 'ReplyMaybeSentError',
    },
    '503 with the words elsewhere': { status: 503, body: { message: `x ${full}` }, error: 'ReplyMaybeSentError' },
    '503 with the words outside of JSON': { status: 503, body: full, error: 'ReplyMaybeSentError' },
    'success with an id that is no text': { status: 202, body: { id: 7 }, error: 'ReplyMaybeSentError' },
    'success without an id': { status: 200, body: { state: 'Pending' }, error: 'ReplyMaybeSentError' },
  },
  isRepeatable: true,
  receipts: {
    mark,
    post: (status, marked = 'V1StGXR8_Z5jdHi6B-myT') => ({
      body: JSON.stringify(anEventOfReply(status, { messageId: marked, reason: 'RESULT_ERROR_NO_SERVICE' })),
    }),
    statuses: {
      'sms:sent': 'sent',
      'sms:delivered': 'delivered',
      'sms:failed': 'failed',
      'sms:cancelled': 'failed',
      'system:ping': 'none',
      'mms:received': 'none',
      'sms:data-received': 'none',
    },
  },
  lookUp: 'none',
};
