import { createHmac, randomUUID } from 'node:crypto';

/** The webhook, and the secrets that it verifies. */
export interface Webhook {
  /** Such as `http://127.0.0.1:8000/api/webhook/sms-received`. */
  url: string;
  credentials: { token?: string | undefined; signingSecrets: readonly string[] };
}

/** A text that a person writes to the service. */
export interface WrittenText {
  number: string;
  text: string;
  /** Default: a random one. */
  guid?: string | undefined;
}

/** The webhook didn't accept a text. Posting it again with the same GUID is safe. */
export class NotPostedError extends Error {
  override readonly name = 'NotPostedError';
}

/** How long a typical gateway waits for the 200, in milliseconds. */
const timeoutMs = 10_000;

/**
 * Posts a text to the webhook like the provider: with the token if there is one, else in the signed format if there is
 * a signing secret, else without proof.
 *
 * @returns the GUID of the accepted text
 * @throws {NotPostedError} with the response of the webhook
 */
export async function postText(
  { number, text, guid = randomUUID() }: WrittenText,
  { url, credentials: { token, signingSecrets } }: Webhook,
): Promise<string> {
  const [secret] = token === undefined ? signingSecrets : [];
  const now = new Date();
  const body = JSON.stringify(
    secret === undefined
      ? {
          guid,
          number,
          message: text,
          date: now.toISOString().slice(0, 10),
          hour: now.toISOString().slice(11, 19),
          time_received: now.toISOString().slice(0, 19).replace('T', ' '),
        }
      : {
          id: randomUUID(),
          type: 'sms.received',
          api_version: '2026-09-22',
          data: { guid, from: number, message: text, received_at: now.toISOString() },
        },
  );
  const proof =
    secret === undefined ? (token === undefined ? {} : { 'x-webhook-secret': token }) : signedHeaders(body, secret);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...proof },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new NotPostedError(
      `Answerback does not respond at ${url} (${reasonOf(error)}): start it, or set HOST and PORT to its address`,
    );
  });
  const responseBody = await response.text();
  if (response.status !== 200)
    throw new NotPostedError(`The webhook answered ${response.status}: ${responseBody.slice(0, 1_000)}`);
  return guid;
}

/** Signs a body like the provider; `isSigned` in src/gateways/sms-mobile-api/signature.ts verifies it. */
function signedHeaders(body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return {
    'x-smsmobileapi-timestamp': timestamp,
    'x-smsmobileapi-signature': `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  };
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
