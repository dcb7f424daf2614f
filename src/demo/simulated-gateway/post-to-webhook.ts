import type { WebhookPost } from './dialect.js';

/** The webhook didn't accept a text. Posting it again with the same GUID is safe. */
export class NotPostedError extends Error {
  override readonly name = 'NotPostedError';
}

/** How long a typical gateway waits for the 200, in milliseconds. */
const timeoutMs = 10_000;

/**
 * Posts to the webhook like a provider.
 *
 * @throws {NotPostedError} with the response of the webhook
 */
export async function post({ url, headers, body }: WebhookPost): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
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
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
