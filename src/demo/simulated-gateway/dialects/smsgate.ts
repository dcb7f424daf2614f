import { createHmac, randomUUID } from 'node:crypto';
import type { ReceiptState } from '../../../domain/receipt.js';
import type { SmsGateSettings } from '../../../gateways/smsgate/settings.js';
import type { ApiRequest, ApiResponse, AskedText, Dialect, WebhookPost, WrittenText, SentText } from '../dialect.js';

/** The phone of the simulated account. */
const phone = { deviceId: 'simulated-device-0001', simNumber: 1, number: '+15550009999' } as const;

/** Creates the dialect of SMSGate, of its API and of the app on the phone: https://docs.sms-gate.app */
export function createSmsGateDialect({
  settings: { url, user, password, signingKeys },
  webhookUrl,
}: {
  settings: Pick<SmsGateSettings, 'url' | 'user' | 'password' | 'signingKeys'>;
  webhookUrl: string;
}): Dialect {
  const sendPath = `${new URL(url).pathname.replace(/\/+$/, '')}/messages`;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const [signingKey = ''] = signingKeys;
  const taken = new Set<string>();

  function postOf(event: string, payload: object, deviceId: string = phone.deviceId): WebhookPost {
    const body = JSON.stringify({ deviceId, event, id: randomUUID(), payload, webhookId: `simulated-${event}` });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', signingKey).update(`${body}${timestamp}`).digest('hex');
    return {
      url: webhookUrl,
      headers: { 'content-type': 'application/json', 'x-timestamp': timestamp, 'x-signature': signature },
      body,
    };
  }

  return {
    readSend({ method, pathname, headers, body }: ApiRequest): AskedText | ApiResponse | undefined {
      if (method !== 'POST' || pathname !== sendPath) return undefined;
      if (headers.authorization !== authorization) return refused(401, 'Unauthorized');
      const asked = askedOf(body);
      if (typeof asked === 'string') return refused(400, asked);
      return taken.has(keyOf(asked)) ? refused(409, 'message with the same ID already exists') : asked;
    },
    accepted(text) {
      taken.add(keyOf(text));
      return { status: 202, body: queued(text) };
    },
    failed: (status) => ({ message: `the script says ${status}` }),
    postOfText: (text) => postOf('sms:received', receivedPayload(text)),
    postsOfReceipt: (text, state) =>
      receiptPayloads(text, state).map(([event, payload]) => postOf(event, payload, text.from?.split('/')[0])),
  };
}

const refused = (status: number, message: string): ApiResponse => ({ status, body: { message } });

/** An id is unique on a phone. */
const keyOf = ({ mark, from }: Pick<SentText, 'mark' | 'from'>) => JSON.stringify([from?.split('/')[0], mark]);

/** Returns what a request asks to send, or why it is invalid, as the validation of the real server. */
function askedOf(body: string): AskedText | string {
  let message: Record<string, unknown>;
  try {
    message = JSON.parse(body) as Record<string, unknown>;
  } catch {
    return 'unable to parse body';
  }
  const { id, deviceId, simNumber, phoneNumbers, textMessage, ttl } = message;
  const text = (textMessage as { text?: unknown } | undefined)?.text;
  const [to, ...others] = Array.isArray(phoneNumbers) ? (phoneNumbers as unknown[]) : [];
  if (typeof to !== 'string' || to === '' || others.length > 0) return 'phoneNumbers must have one number';
  if (typeof text !== 'string' || text === '') return 'No message content provided';
  if (id !== undefined && (typeof id !== 'string' || id.length > 36)) return 'id must have at most 36 characters';
  if (typeof deviceId !== 'string' || deviceId.length > 21) return 'deviceId must have at most 21 characters';
  if (simNumber !== undefined && ![1, 2, 3].includes(simNumber as number)) return 'simNumber must be 1 to 3';
  if (ttl !== undefined && !(Number.isInteger(ttl) && (ttl as number) >= 5)) return 'ttl must be at least 5';
  const from = simNumber === undefined ? deviceId : `${deviceId}/${simNumber as number}`;
  return { to, text, from, ...(id !== undefined && { mark: id }) };
}

const queued = ({ id, mark = id, to, from, at }: SentText) => ({
  id: mark,
  deviceId: from?.split('/')[0] ?? phone.deviceId,
  state: 'Pending',
  isHashed: false,
  isEncrypted: false,
  recipients: [{ phoneNumber: to, state: 'Pending', error: null }],
  states: { Pending: at },
});

const receivedPayload = ({ number, text, guid, at }: WrittenText) => ({
  message: text,
  receivedAt: at.toISOString().replace('Z', '+00:00'),
  messageId: guid,
  phoneNumber: number,
  recipient: phone.number,
  sender: number,
  simNumber: phone.simNumber,
});

/** How many characters a part of a long text has. */
const partLength = 153;

function receiptPayloads(
  { id, mark = id, to, text }: SentText,
  state: ReceiptState,
): [event: string, payload: object][] {
  const { number: sender, simNumber } = phone;
  const payload = { messageId: mark, phoneNumber: to, recipient: to, sender, simNumber };
  const now = new Date().toISOString().replace('Z', '+00:00');
  const partsCount = text.length <= 160 ? 1 : Math.ceil(text.length / partLength);
  switch (state) {
    case 'accepted':
      return [];
    case 'sent':
      return [['sms:sent', { ...payload, partsCount, sentAt: now }]];
    case 'delivered':
      return Array.from({ length: partsCount }, () => ['sms:delivered', { ...payload, deliveredAt: now }]);
    case 'failed': {
      const reason = 'Send result: RESULT_ERROR_GENERIC_FAILURE (Generic failure cause)';
      return [['sms:failed', { ...payload, failedAt: now, reason }]];
    }
  }
}
