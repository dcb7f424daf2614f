import { smsMobileApi } from '../../../src/gateways/sms-mobile-api/gateway.js';
import type { SmsMobileApiSettings } from '../../../src/gateways/sms-mobile-api/settings.js';
import { aReply } from '../../helpers/gateways.js';
import { aPost } from '../../helpers/messages.js';
import { signedHeaders } from '../../helpers/signing.js';
import { type ContractCases, longText } from '../contract.js';

const signingSecret = 'signing-secret-of-now';
const environment = {
  SMS_MOBILE_API_KEY: 'key-7f3a9',
  SMS_MOBILE_API_URL: 'https://api.smsmobileapi.example',
  WEBHOOK_SIGNING_SECRET: signingSecret,
};

const settings: SmsMobileApiSettings = {
  url: environment.SMS_MOBILE_API_URL,
  simulated: false,
  hasSecret: true,
  apiKey: environment.SMS_MOBILE_API_KEY,
  credentials: { signingSecrets: [signingSecret] },
};

const reply = aReply({ text: 'Süß & private?=%' });
const words = { message: 'Words from the provider', error: `Words from the provider on ${reply.to}` };
const refused = (body: unknown) => ({ status: 200, body, error: 'ReplyRejectedError' }) as const;
const unclear = (body: unknown) => ({ status: 200, body, error: 'ReplyMaybeSentError' }) as const;

const post = (fields: Record<string, unknown> = {}) => JSON.stringify(aPost({ guid: 'test-002', ...fields }));

export const cases: ContractCases = {
  gateway: smsMobileApi,
  settings,
  environment,
  requiredVariables: ['SMS_MOBILE_API_KEY'],
  secrets: [settings.apiKey, 'from the provider'],
  signature: {
    vector: {
      body:
        '{"id":"evt-1","type":"sms.received","api_version":"2026-09-22","created_at":"2026-11-24T13:40:00Z",' +
        '"occurred_at":"2026-11-24T13:39:58Z","data":{"guid":"test-001","from":"+12065550101",' +
        '"message":"Yes, I agree","received_at":"2026-11-24T13:39:58Z","alias":null,"device_id":"d1"}}',
      target: '/api/webhook/sms-received',
      headers: {
        'x-smsmobileapi-timestamp': '1795527600',
        'x-smsmobileapi-signature': 'v1=fcd841f0afb809f0b60890face3f8f3b06bf567c8ad5cf67410069c0ae96b5f4',
      },
      at: new Date('2026-11-24T13:40:00.000Z'),
    },
    sign: (body, { at, settings: signer = settings }) => {
      const [secret = ''] = (signer as SmsMobileApiSettings).credentials.signingSecrets;
      const signed = Object.entries(signedHeaders(body, secret, { atMs: at.getTime() }));
      return Object.fromEntries(signed.map(([name, value]) => [name.toLowerCase(), value]));
    },
    validForMs: 300_000,
    body: 'signed',
    otherSecret: { ...settings, credentials: { signingSecrets: ['a-secret-of-tomorrow'] } } as SmsMobileApiSettings,
  },
  bodies: {
    optionalFieldsAbsent: {
      body: post({ date: undefined, hour: undefined, time_received: undefined }),
      message: { id: 'test-002', from: '+15550001234', text: 'Yes, I agree', date: undefined },
    },
    unknownFields: { body: post({ sim: 2, tags: [] }), message: { id: 'test-002', text: 'Yes, I agree' } },
    emptyText: { body: post({ message: '' }), message: { text: '' } },
    nameAsSender: { body: post({ number: 'MPESA' }), message: { from: 'MPESA', sender: 'MPESA' } },
    long: { body: post({ message: longText }), message: { text: longText } },
    severalRecipients: 'none',
    unreadable: { body: '[]', status: 422 },
  },
  ids: 'unchanged',
  reply,
  success: {
    status: 200,
    body: { result: { error: 0, sent: '1', id: 'abc' } },
    sent: { gatewayMessageId: 'abc' },
  },
  responses: {
    '400 with words': { status: 400, body: words, error: 'ReplyRejectedError' },
    '403 with words': { status: 403, body: words, error: 'ReplyRejectedError' },
    '408': { status: 408, error: 'ReplyMaybeSentError' },
    '429 with words': { status: 429, body: words, error: 'ReplyNotSentError' },
    '500 with words': { status: 500, body: words, error: 'ReplyMaybeSentError' },
    'an error in words': refused({ result: words }),
    'an error code': refused({ error: 12 }),
    'an error that is true': refused({ error: true }),
    'an error object': refused({ error: words }),
    'an API error': refused({ result: { error: 'x', sent: 'api_error' } }),
    'sent 0': refused({ result: { error: 0, sent: 0 } }),
    'sent "0"': refused({ result: { error: '0', sent: '0' } }),
    'sent false': refused({ sent: false }),
    'no such fields': unclear({ ok: true }),
    'error 0 alone': unclear({ result: { error: 0 } }),
    'an unknown word about sending': unclear({ result: { error: 0, sent: 'queued' } }),
    'error "0" and no word about sending': unclear({ error: '0', sent: '' }),
  },
  isRepeatable: false,
  // Its signed events have no id of ours: see its README.
  receipts: 'none',
  lookUp: 'none',
};
