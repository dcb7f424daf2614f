import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import type { ReceiptState } from '../../../domain/receipt.js';
import type { ApiRequest, ApiResponse, AskedText, Dialect, WebhookPost, SentText } from '../dialect.js';

/** The number of ours that people text. */
const line = '+12065550199';

/**
 * The private half of the public key in the settings of the simulated gateway: an Ed25519 key whose seed is the bytes 0
 * to 31, in PKCS #8 (RFC 8410). It is public and protects nothing.
 */
const privateKey = createPrivateKey({
  key: Buffer.from(`302e020100300506032b657004220420${Buffer.from([...Array(32).keys()]).toString('hex')}`, 'hex'),
  format: 'der',
  type: 'pkcs8',
});

const statusOf: Record<ReceiptState, string> = {
  accepted: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  failed: 'delivery_failed',
};

/** The codes of an error by its status: https://developers.telnyx.com/development/api-fundamentals/api-errors */
const codeOf: Readonly<Record<number, string>> = {
  400: '10015',
  401: '10009',
  403: '10010',
  404: '10005',
  408: '10008',
  429: '10011',
};

/** Creates the dialect of Telnyx: https://developers.telnyx.com/api-reference/messages */
export function createTelnyxDialect({
  settings: { apiKey },
  webhookUrl,
}: {
  settings: { apiKey: string };
  webhookUrl: string;
}): Dialect {
  return {
    readSend: (request) => readSend(request, apiKey),
    accepted: (text) => ({ status: 200, body: { data: messageOf(text, 'queued') } }),
    failed: (status) => errorBody(codeOf[status] ?? '10007', 'As the script says'),
    postOfText: ({ number, text, guid, at }) =>
      signedPost(
        webhookUrl,
        'message.received',
        {
          id: guid,
          record_type: 'message',
          direction: 'inbound',
          type: 'SMS',
          from: { phone_number: number, carrier: 'Simulated', line_type: 'Wireless' },
          to: [{ phone_number: line, carrier: 'Telnyx', line_type: 'Wireless', status: 'webhook_delivered' }],
          cc: [],
          text,
          media: [],
          parts: 1,
          errors: [],
          received_at: timeOf(at),
          autoresponse_type: null,
        },
        at,
      ),
    postsOfReceipt(text, state) {
      const type = state === 'delivered' || state === 'failed' ? 'message.finalized' : 'message.sent';
      const errors = state === 'failed' ? [{ code: '40008', title: 'Undeliverable', detail: text.to }] : [];
      const payload = { ...messageOf(text, statusOf[state]), errors };
      return [signedPost(text.receiptsUrl ?? webhookUrl, type, payload, new Date())];
    },
  };
}

function readSend(
  { method, pathname, headers, body }: ApiRequest,
  apiKey: string,
): AskedText | ApiResponse | undefined {
  if (method !== 'POST' || !/^\/v2\/messages\/?$/.test(pathname)) return undefined;
  if (headers.authorization !== `Bearer ${apiKey}`) return refusal(401, '10009', 'Authentication failed');
  if (!headers['content-type']?.startsWith('application/json')) return refusal(415, '10014', 'Unsupported Media Type');
  const asked = objectOf(body);
  if (!asked) return refusal(400, '10015', 'Bad Request');
  const { from, to, text, webhook_url: receiptsUrl } = asked;
  if (!isText(from) || !isText(to) || !isText(text)) return refusal(400, '10004', 'Missing required parameter');
  if (!/^\+\d{7,15}$/.test(to)) return refusal(400, '10016', 'Phone number must be in +E.164 format');
  if (!isText(receiptsUrl)) return { to, text, from };
  if (!URL.canParse(receiptsUrl)) return refusal(400, '10003', 'Invalid URL');
  const mark = new URL(receiptsUrl).searchParams.get('m');
  return { to, text, from, receiptsUrl, ...(mark && { mark }) };
}

function messageOf({ id, to, text, from = line }: SentText, status: string) {
  return {
    record_type: 'message',
    direction: 'outbound',
    id,
    type: 'SMS',
    from: { phone_number: from },
    to: [{ phone_number: to, status }],
    text,
    parts: 1,
    errors: [],
  };
}

/** Each post is an event with an id of its own. The signature is over the time of the post, not of the event. */
function signedPost(url: string, type: string, payload: object, at: Date): WebhookPost {
  const body = JSON.stringify({
    data: { event_type: type, id: randomUUID(), occurred_at: timeOf(at), payload, record_type: 'event' },
    meta: { attempt: 1, delivered_to: url },
  });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const headers = {
    'content-type': 'application/json',
    'telnyx-timestamp': timestamp,
    'telnyx-signature-ed25519': sign(null, Buffer.from(`${timestamp}|${body}`), privateKey).toString('base64'),
  };
  return { url, headers, body };
}

const timeOf = (at: Date): string => at.toISOString().replace('Z', '+00:00');

const errorBody = (code: string, title: string) => ({ errors: [{ code, title, detail: title, meta: {} }] });

const refusal = (status: number, code: string, title: string): ApiResponse => ({
  status,
  body: errorBody(code, title),
});

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function objectOf(body: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
