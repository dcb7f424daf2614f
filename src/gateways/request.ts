import { type HttpResponse, PostFailedError, postOnce, type PostOptions } from '../http/post-once.js';
import { ReplyMaybeSentError, ReplyNotSentError } from './gateway.js';

export type GatewayResponse = HttpResponse;

export interface GatewayRequestOptions extends Pick<PostOptions, 'timeoutMs' | 'signal'> {
  /** Such as `authorization`. */
  headers?: Readonly<Record<string, string>>;
}

/** Posts a form: see `post`. */
export function postForm(
  url: URL,
  form: Record<string, string>,
  options: GatewayRequestOptions,
): Promise<GatewayResponse> {
  return post(url, 'application/x-www-form-urlencoded', new URLSearchParams(form).toString(), options);
}

/** Posts a value as JSON: see `post`. */
export function postJson(url: URL, value: object, options: GatewayRequestOptions): Promise<GatewayResponse> {
  return post(url, 'application/json', JSON.stringify(value), options);
}

/**
 * Posts once, on a connection of its own, without following redirects. Resolves with any complete response. The errors
 * contain only an error code: Temporal Web UI shows their messages.
 *
 * @throws {ReplyNotSentError} for an error, timeout or abort before the connection was established. The provider has
 *   not seen the request then.
 * @throws {ReplyMaybeSentError} for the same later, or for a response that is truncated or over 1 MiB
 */
async function post(
  url: URL,
  contentType: string,
  body: string,
  { headers: ownHeaders, ...options }: GatewayRequestOptions,
): Promise<GatewayResponse> {
  const headers = { accept: 'application/json', 'content-type': contentType, ...ownHeaders };
  try {
    return await postOnce(url, { ...options, headers, body });
  } catch (error) {
    if (!(error instanceof PostFailedError)) throw error;
    throw error.wentOut
      ? new ReplyMaybeSentError(`Maybe sent: the request went out, then ${error.message}`)
      : new ReplyNotSentError(`Not sent: no connection, ${error.message}`);
  }
}

/** Returns the value of an Authorization header with user and password, in UTF-8 (RFC 7617). */
export const basicAuthorization = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Returns the base of an API without the slashes at its end, so that a path can follow. */
export const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/**
 * Tells whether a status says that the request was refused: 3xx, and 4xx but 408. A 408 proves nothing: a proxy may
 * have written it after it had passed the request on.
 */
export const isRefusal = (status: number): boolean => status >= 300 && status < 500 && status !== 408;
