import { createHmac, randomUUID } from 'node:crypto';
import type { ReceiptState } from '../../../domain/receipt.js';
import type { HttpSmsSettings } from '../../../gateways/httpsms/settings.js';
import type { ApiRequest, ApiResponse, AskedText, Dialect, WebhookPost, SentText } from '../dialect.js';

/** The number of the simulated phone. */
const ownNumber = '+12065550199';

/** Creates the dialect of httpSMS: https://api.httpsms.com. The messages that it has can't be fetched. */
export function createHttpSmsDialect({
  settings: { apiKey, signingKeys, webhookUrl: audience },
  webhookUrl: url,
}: {
  settings: Pick<HttpSmsSettings, 'apiKey' | 'signingKeys' | 'webhookUrl'>;
  webhookUrl: string;
}): Dialect {
  const post = (type: string, source: string, data: object): WebhookPost => ({
    url,
    headers: {
      'content-type': 'application/json',
      'x-event-type': type,
      authorization: `Bearer ${tokenOf(audience, signingKeys[0] ?? '')}`,
    },
    body: JSON.stringify({
      specversion: '1.0',
      id: randomUUID(),
      source,
      type,
      datacontenttype: 'application/json',
      time: new Date().toISOString(),
      data: { user_id: userId, encrypted: false, sim: 'SIM1', ...data },
    }),
  });

  return {
    readSend: (request) => readSend(request, apiKey),
    accepted: (text) => ({
      status: 200,
      body: { status: 'success', message: 'message added to queue', data: rowOf(text) },
    }),
    failed: (status) => ({ status: 'error', message: `As the script says: ${status}` }),
    postOfText: ({ guid, number, text, at }) =>
      post('message.phone.received', '/v1/messages/receive', {
        message_id: guid,
        owner: ownNumber,
        contact: number,
        timestamp: at.toISOString(),
        content: text,
        attachments: null,
      }),
    postsOfReceipt: (text, state) =>
      eventsOf(text, state).map(({ type, data }) => post(type, `/v1/messages/${text.id}/events`, data)),
  };
}

const userId = 'usr0000000000000000000000001';

/** Makes the token of a post: HS256, for ten minutes before and after now. */
function tokenOf(audience: string, key: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: 'api.httpsms.com', sub: userId, aud: [audience], exp: now + 600, nbf: now - 600, iat: now };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

function readSend(
  { method, pathname, headers, body }: ApiRequest,
  apiKey: string,
): AskedText | ApiResponse | undefined {
  if (method !== 'POST' || pathname !== '/v1/messages/send') return undefined;
  if (headers['x-api-key'] !== apiKey) return error(401, 'You are not authorized to carry out this request.');
  const asked = parsed(body);
  if (!asked) return error(400, "The request isn't properly formed");
  const fields = ['from', 'to', 'content'].filter((field) => typeof asked[field] !== 'string' || asked[field] === '');
  if (fields.length > 0) {
    const data = Object.fromEntries(fields.map((field) => [field, [`The ${field} field is required`]]));
    return { status: 422, body: { status: 'error', message: 'validation errors while sending message', data } };
  }
  const { from, to, content, request_id: mark } = asked as Record<string, string>;
  return { from: String(from), to: String(to), text: String(content), ...(mark && { mark }) };
}

const error = (status: number, message: string): ApiResponse => ({ status, body: { status: 'error', message } });

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const rowOf = ({ id, from, to, text, mark, at }: SentText) => ({
  id,
  request_id: mark ?? null,
  owner: from ?? ownNumber,
  contact: to,
  content: text,
  encrypted: false,
  type: 'mobile-terminated',
  status: 'pending',
  sim: 'SIM1',
  send_attempt_count: 0,
  max_send_attempts: 1,
  created_at: at,
});

/** The server posts nothing when it has accepted a text. */
function eventsOf({ id, from, to, text, mark }: SentText, state: ReceiptState): Array<{ type: string; data: object }> {
  const timestamp = new Date().toISOString();
  const data = { id, owner: from ?? ownNumber, contact: to, content: text, request_id: mark ?? null, timestamp };
  switch (state) {
    case 'accepted':
      return [];
    case 'sent':
    case 'delivered':
      return [{ type: `message.phone.${state}`, data }];
    case 'failed':
      return [{ type: 'message.send.failed', data: { ...data, error_message: 'GENERIC_FAILURE' } }];
  }
}
