import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { addressRefused, type AllowsAddress, lookupOf, mayConnectTo } from './allowed-addresses.js';

const maxResponseBytes = 1024 * 1024;

export interface PostOptions {
  headers: Readonly<Record<string, string>>;
  body: string;
  /** For the whole exchange, from connecting to the last byte of the response. */
  timeoutMs: number;
  signal: AbortSignal;
  /** Asked for the address before the connection, whatever the name resolves to. Default: all are allowed. */
  allows?: AllowsAddress | undefined;
}

export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A post without a complete response. Its message is an error code or a few words, without data of the post. */
export class PostFailedError extends Error {
  override readonly name = 'PostFailedError';
  /** False proves that no byte of the post was written. */
  readonly wentOut: boolean;

  constructor(reason: string, wentOut: boolean) {
    super(reason);
    this.wentOut = wentOut;
  }
}

/**
 * Posts once, on a new connection, without following redirects. Resolves with any complete response. No byte of the
 * request is written before the connection is established, with TLS verified.
 *
 * @throws {PostFailedError} for an error, a timeout, an abort, or a response that is truncated or over 1 MiB
 */
export function postOnce(url: URL, { headers, body, timeoutMs, signal, allows }: PostOptions): Promise<HttpResponse> {
  if (signal.aborted) return Promise.reject(new PostFailedError('aborted', false));
  if (allows && !mayConnectTo(url, allows)) return Promise.reject(new PostFailedError(addressRefused, false));

  return new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:';
    let wentOut = false;
    const request = (secure ? https : http).request(url, {
      method: 'POST',
      agent: false,
      rejectUnauthorized: true,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      ...(allows && { lookup: lookupOf(allows) }),
    });
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      request.destroy();
    };
    const fail = (reason: string) => {
      reject(new PostFailedError(reason, wentOut));
      release();
    };
    const onAbort = () => fail('aborted');
    const timer = setTimeout(fail, timeoutMs, `timed out after ${timeoutMs} ms`);
    signal.addEventListener('abort', onAbort, { once: true });

    request.once('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        wentOut = true;
        request.end(body);
      }),
    );
    request.on('error', (error) => fail(codeOf(error)));
    // A 101, or a response that ends early without an error, only emits this event.
    request.on('close', () => fail('the connection closed'));
    request.once('response', (response) =>
      read(response, fail, (text) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        release();
      }),
    );
  });
}

function read(response: IncomingMessage, fail: (reason: string) => void, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxResponseBytes) return fail('the response was over 1 MiB');
    chunks.push(chunk);
  });
  response.on('error', (error) => fail(codeOf(error)));
  // TextDecoder, not toString(): it drops a byte order mark, which JSON.parse refuses.
  response.on('end', () => done(new TextDecoder().decode(Buffer.concat(chunks))));
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? 'an error without a code';
}
