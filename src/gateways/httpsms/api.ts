import { withoutSlash } from '../request.js';
import { jsonOf } from '../parse.js';
import type { HttpSmsSettings } from './settings.js';

/** The time limit of one question to the API: httpSMS waits 5 s for the webhook, which may ask in between. */
const defaultTimeoutMs = 4_000;

interface ApiAnswer {
  status: number;
  /** The parsed JSON; undefined when it isn't JSON. */
  body: unknown;
}

/** Returns the address of something in the API. */
export const apiUrl = (url: string, path: string): URL => new URL(`${withoutSlash(url)}${path}`);

/**
 * Asks the API once, without following redirects. Resolves with any complete response.
 *
 * @throws when there is none in time
 */
export async function getFromApi(
  url: URL,
  { apiKey, getTimeoutMs: timeoutMs = defaultTimeoutMs }: Pick<HttpSmsSettings, 'apiKey' | 'getTimeoutMs'>,
  signal?: AbortSignal,
): Promise<ApiAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, {
    headers: { accept: 'application/json', 'x-api-key': apiKey },
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  const text = await response.text();
  return { status: response.status, body: jsonOf(text) };
}
