import { telnyx } from '../../../src/gateways/telnyx/gateway.js';
import type { TelnyxSettings } from '../../../src/gateways/telnyx/settings.js';
import { type ContractCases, longText } from '../contract.js';
import { anError, aReceipt, aText, publicKeyOf, signedHeaders } from './posts.js';
import { vectorBody, vectorKey, vectorSeconds, vectorSignature } from './posts.js';

const environment = {
  TELNYX_API_KEY: 'KEY0123456789ABCDEF_abc',
  TELNYX_PUBLIC_KEY: vectorKey,
  TELNYX_API_URL: 'https://api.telnyx.example',
  PUBLIC_URL: 'https://sms.example.org',
};

const settings: TelnyxSettings = {
  url: environment.TELNYX_API_URL,
  simulated: false,
  hasSecret: true,
  apiKey: environment.TELNYX_API_KEY,
  publicKey: vectorKey,
  webhookUrl: 'https://sms.example.org/api/webhook/telnyx',
};
const otherSecret: TelnyxSettings = { ...settings, publicKey: publicKeyOf(1) };

const messageId = '88888888-8888-4888-8888-888888888888';
const mark = 'telnyx.RzW0oHgvC2dJ7cYxWq1pXsA.1';
const to = [{ phone_number: '+12065550199' }];

export const cases: ContractCases = {
  gateway: telnyx,
  settings,
  environment,
  requiredVariables: ['TELNYX_API_KEY', 'TELNYX_PUBLIC_KEY', 'PUBLIC_URL'],
  secrets: [settings.apiKey],
  signature: {
    vector: {
      body: vectorBody,
      target: '/api/webhook/telnyx',
      headers: { 'telnyx-timestamp': String(vectorSeconds), 'telnyx-signature-ed25519': vectorSignature },
      at: new Date(vectorSeconds * 1_000),
    },
    sign: (body, { at, settings: signer }) =>
      signedHeaders(body, { seconds: Math.floor(at.getTime() / 1_000), firstByte: signer === otherSecret ? 1 : 0 }),
    validForMs: 300_000,
    body: 'signed',
    otherSecret,
  },
  bodies: {
    optionalFieldsAbsent: {
      body: JSON.stringify(aText({ to: undefined, text: undefined })),
      message: { id: 'telnyx.text-0001', from: '+12065550101', to: undefined, text: '' },
    },
    unknownFields: {
      body: JSON.stringify({ ...aText({ direction: 'inbound', tags: [], cost: null, media: [{}] }), meta: 7 }),
      message: { to: '+12065550199', text: 'Yes, I agree' },
    },
    emptyText: { body: JSON.stringify(aText({ text: '' })), message: { text: '' } },
    nameAsSender: {
      body: JSON.stringify(aText({ from: { phone_number: 'MPESA' } })),
      message: { from: 'MPESA', sender: 'MPESA' },
    },
    long: { body: JSON.stringify(aText({ text: longText })), message: { text: longText } },
    severalRecipients: {
      body: JSON.stringify(aText({ to: [...to, { phone_number: '+12065550198' }] })),
      message: { isToSeveral: true },
    },
    unreadable: { body: '{"data":{}}', status: 422 },
  },
  ids: 'prefixed',
  reply: {
    to: '+12065550101',
    from: '+12065550199',
    text: 'Süß & private?',
    validForMs: 3_600_000,
    isUrgent: false,
    mark,
  },
  success: { status: 200, body: { data: { id: messageId } }, sent: { gatewayMessageId: messageId } },
  responses: {
    'rate, by its code': { status: 400, body: anError('10011'), error: 'ReplyNotSentError' },
    '503 with the code of a rate': { status: 503, body: anError('10011'), error: 'ReplyMaybeSentError' },
    'no key': { status: 401, body: anError('10009'), error: 'ReplyRejectedError' },
    'no permission': { status: 403, body: anError('10010'), error: 'ReplyRejectedError' },
    'a field is missing': { status: 422, body: anError('10004'), error: 'ReplyRejectedError' },
    'a bad request': { status: 400, body: anError('10015'), error: 'ReplyRejectedError' },
    'opted out': { status: 403, body: anError('40300'), error: 'ReplyRejectedError', number: 'opted-out' },
    'an inactive number': { status: 400, body: anError('10001'), error: 'ReplyRejectedError', number: 'unreachable' },
    'an invalid number': { status: 400, body: anError('10002'), error: 'ReplyRejectedError', number: 'unreachable' },
    'not in E.164': { status: 422, body: anError('10016', '/to'), error: 'ReplyRejectedError', number: 'unreachable' },
    'our own number is invalid': { status: 400, body: anError('10002', '/from'), error: 'ReplyRejectedError' },
    'an unexpected error': { status: 400, body: anError('10007'), error: 'ReplyMaybeSentError' },
    'its own time limit': { status: 408, body: anError('10008'), error: 'ReplyMaybeSentError' },
    '408': { status: 408, error: 'ReplyMaybeSentError' },
    'a code that quotes a number': { status: 400, body: anError('to +12065550101'), error: 'ReplyRejectedError' },
    'success with an error': { status: 200, body: anError('40300'), error: 'ReplyMaybeSentError' },
  },
  isRepeatable: false,
  receipts: {
    mark,
    post: (status, marked) => {
      const [type = '', state = ''] = status.split(' ');
      const errors = [{ code: '40008', title: 'Undeliverable', detail: 'Undeliverable: +12065550101' }];
      return {
        body: JSON.stringify(aReceipt(state, { errors }, type)),
        query: marked === undefined ? {} : { m: marked },
      };
    },
    statuses: {
      'message.sent queued': 'accepted',
      'message.sent sending': 'accepted',
      'message.sent sent': 'sent',
      'message.finalized sent': 'sent',
      'message.finalized delivery_unconfirmed': 'sent',
      'message.finalized delivered': 'delivered',
      'message.finalized sending_failed': 'failed',
      'message.finalized delivery_failed': 'failed',
      'message.finalized expired': 'failed',
      'message.finalized webhook_delivered': 'none',
      'message.queued queued': 'none',
    },
  },
  lookUp: 'none',
};
