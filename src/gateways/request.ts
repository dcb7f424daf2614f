import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { ReplyMaybeSentError, ReplyNotSentError } from './gateway.js';

const maxResponseBytes = 1024 * 1024;

export interface GatewayResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * Posts a form once, on a new connection, without following redirects. Resolves with any complete response. No byte of
 * the request is written before the connection is established (with TLS verified), so a failure before that point
 * proves that the provider has not seen the request. The errors contain only an error code: Temporal Web UI shows their
 * messages.
 *
 * @param options.timeoutMs for the whole exchange, from connecting to the last byte of the response
 * @throws {ReplyNotSentError} for an error, timeout or abort before the connection was established
 * @throws {ReplyMaybeSentError} for the same later, or for a response that is truncated or over 1 MiB
 */
export function postForm(
  url: URL,
  form: Record<string, string>,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<GatewayResponse> {
  if (signal.aborted) return Promise.reject(new ReplyNotSentError('Not sent: aborted before connecting'));

  return new Promise<GatewayResponse>((resolve, reject) => {
    const body = new URLSearchParams(form).toString();
    const secure = url.protocol === 'https:';
    let connected = false;

    const request = (secure ? https : http).request(url, {
      method: 'POST',
      agent: false,
      rejectUnauthorized: true,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
      },
    });

    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      request.destroy();
    };
    const fail = (reason: string) => {
      reject(
        connected
          ? new ReplyMaybeSentError(`Maybe sent: the request went out, then ${reason}`)
          : new ReplyNotSentError(`Not sent: no connection, ${reason}`),
      );
      release();
    };
    const onAbort = () => fail('aborted');
    const timer = setTimeout(fail, timeoutMs, `timed out after ${timeoutMs} ms`);
    signal.addEventListener('abort', onAbort, { once: true });

    request.once('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
        request.end(body);
      }),
    );
    request.on('error', (error) => fail(codeOf(error)));
    // A 101, or a response that ends early without an error, only emits this event.
    request.on('close', () => fail('the connection closed'));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxResponseBytes) return fail('the response was over 1 MiB');
        chunks.push(chunk);
      });
      response.on('error', (error) => fail(codeOf(error)));
      response.on('end', () => {
        // TextDecoder, not toString(): it drops a byte order mark, which JSON.parse refuses.
        const text = new TextDecoder().decode(Buffer.concat(chunks));
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        release();
      });
    });
  });
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? 'an error without a code';
}
