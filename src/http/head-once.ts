import http from 'node:http';
import https from 'node:https';
import { addressRefused, type AllowsAddress, lookupOf, mayConnectTo } from './allowed-addresses.js';

export interface HeadOptions {
  timeoutMs: number;
  /** Asked for the address before the connection, whatever the name resolves to. Default: all are allowed. */
  allows?: AllowsAddress | undefined;
}

/**
 * Sends one HEAD request, on a new connection, without following redirects. Returns the status of the response.
 *
 * @throws an error with a `code`: `addressRefused` when the address is not allowed, `ABORT_ERR` after the timeout
 */
export function headOnce(url: URL, { timeoutMs, allows }: HeadOptions): Promise<number> {
  if (allows && !mayConnectTo(url, allows))
    return Promise.reject(Object.assign(new Error('not an allowed address'), { code: addressRefused }));
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'HEAD',
      agent: false,
      rejectUnauthorized: true,
      signal: AbortSignal.timeout(timeoutMs),
      ...(allows && { lookup: lookupOf(allows) }),
    });
    request.once('response', ({ statusCode = 0 }) => {
      resolve(statusCode);
      request.destroy();
    });
    // Also after the response: an error without a listener would end the process.
    request.on('error', reject);
    request.end();
  });
}
