import { createHmac, randomUUID } from 'node:crypto';

/** Where the webhook is, and what a post must prove there. */
export interface Webhook {
  /** Such as `http://127.0.0.1:8000/api/webhook/sms-received`. */
  url: string;
  credentials: { token?: string | undefined; signingSecrets: readonly string[] };
}

/** A text that somebody writes to the service. */
export interface WrittenText {
  number: string;
  text: string;
  /** Made up where it is absent. */
  guid?: string | undefined;
}

/** The webhook did not take a text, and may be asked again with the same GUID. */
export class NotDeliveredError extends Error {
  override readonly name = 'NotDeliveredError';
}

/** A gateway waits about this long for its 200. */
const answerWithinMs = 10_000;

/**
 * Hands a text to the webhook as the provider does: with the token where there is one, else in the signed format, else bare.
 *
 * @returns the GUID under which it was accepted
 * @throws {NotDeliveredError} with what the webhook said
 */
export async function deliver({ number, text, guid = randomUUID() }: WrittenText, { url, credentials: { token, signingSecrets } }: Webhook): Promise<string> {
  const [secret] = token === undefined ? signingSecrets : [];
  const now = new Date();
  const body = JSON.stringify(
    secret === undefined
      ? { guid, number, message: text, date: now.toISOString().slice(0, 10), hour: now.toISOString().slice(11, 19), time_received: now.toISOString().slice(0, 19).replace('T', ' ') }
      : { id: randomUUID(), type: 'sms.received', api_version: '2026-09-22', data: { guid, from: number, message: text, received_at: now.toISOString() } },
  );
  const proof = secret === undefined ? (token === undefined ? {} : { 'x-webhook-secret': token }) : signedHeaders(body, secret);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...proof },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(answerWithinMs),
  }).catch((error: unknown) => {
    throw new NotDeliveredError(`No Answerback answers at ${url} (${reasonOf(error)}): start it, or set HOST and PORT to where it listens`);
  });
  const answer = await response.text();
  if (response.status !== 200) throw new NotDeliveredError(`The webhook answered ${response.status}: ${answer.slice(0, 1_000)}`);
  return guid;
}

/** As the provider signs it: see `isSigned` in the api. */
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
