import { type HttpResponse, PostFailedError, postOnce, type PostOptions } from '../http/post-once.js';
import { ReplyMaybeSentError, ReplyNotSentError } from './gateway.js';

export type GatewayResponse = HttpResponse;

/**
 * Posts a form once, on a connection of its own, without following redirects. Resolves with any complete response. The
 * errors contain only an error code: Temporal Web UI shows their messages.
 *
 * @throws {ReplyNotSentError} for an error, timeout or abort before the connection was established. The provider has
 *   not seen the request then.
 * @throws {ReplyMaybeSentError} for the same later, or for a response that is truncated or over 1 MiB
 */
export async function postForm(
  url: URL,
  form: Record<string, string>,
  options: Pick<PostOptions, 'timeoutMs' | 'signal'>,
): Promise<GatewayResponse> {
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  try {
    return await postOnce(url, { ...options, headers, body: new URLSearchParams(form).toString() });
  } catch (error) {
    if (!(error instanceof PostFailedError)) throw error;
    throw error.wentOut
      ? new ReplyMaybeSentError(`Maybe sent: the request went out, then ${error.message}`)
      : new ReplyNotSentError(`Not sent: no connection, ${error.message}`);
  }
}
