import { createHmac, randomUUID } from 'node:crypto';
import type { SmsMobileApiSettings } from '../../../gateways/sms-mobile-api/settings.js';
import type { ApiRequest, ApiResponse, AskedText, Dialect, WrittenText } from '../dialect.js';

/**
 * Creates the dialect of SMSMobileAPI: https://smsmobileapi.com/doc. A post has the token if there is one, else it is
 * in the signed format if there is a signing secret, else it is without proof.
 */
export function createSmsMobileApiDialect({
  settings: { credentials },
  webhookUrl: url,
}: {
  settings: Pick<SmsMobileApiSettings, 'credentials'>;
  webhookUrl: string;
}): Dialect {
  const { token, signingSecrets } = credentials;
  const [secret] = token === undefined ? signingSecrets : [];
  return {
    readSend,
    accepted({ id, at }) {
      const datetime = at.slice(0, 19).replace('T', ' ');
      return { status: 200, body: { result: { error: 0, sent: '1', id, note: 'sent by mobile', datetime } } };
    },
    failed: (status) => ({ error: status, message: 'As the script says' }),
    postOfText(text) {
      const body = JSON.stringify(secret === undefined ? unsignedPost(text) : eventOf(text));
      const proof = token === undefined ? {} : { 'x-webhook-secret': token };
      return { url, headers: secret === undefined ? proof : signedHeaders(body, secret), body };
    },
    postsOfReceipt: () => [],
  };
}

function readSend({ method, pathname, query, body }: ApiRequest): AskedText | ApiResponse | undefined {
  if (pathname !== '/sendsms' || !['GET', 'POST'].includes(method)) return undefined;
  const form = new URLSearchParams([...query, ...new URLSearchParams(body)]);
  const to = form.get('recipients');
  const text = form.get('message');
  if (!form.get('apikey')) return { status: 403, body: { error: 403, message: 'apikey is missing' } };
  if (!to || !text) return { status: 400, body: { error: 400, message: 'recipients or message is missing' } };
  return { to, text };
}

function unsignedPost({ guid, number, text, at }: WrittenText) {
  const [date, time] = [at.toISOString().slice(0, 10), at.toISOString().slice(11, 19)];
  return { guid, number, message: text, date, hour: time, time_received: `${date} ${time}` };
}

const eventOf = ({ guid, number, text, at }: WrittenText) => ({
  id: randomUUID(),
  type: 'sms.received',
  api_version: '2026-09-22',
  data: { guid, from: number, message: text, received_at: at.toISOString() },
});

/** Signs a body like the provider; `isSigned` in src/gateways/sms-mobile-api/signature.ts verifies it. */
function signedHeaders(body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return {
    'x-smsmobileapi-timestamp': timestamp,
    'x-smsmobileapi-signature': `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  };
}
