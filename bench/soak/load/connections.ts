import { Agent, request } from 'node:http';

const timeoutMs = 10_000;

/** Reuses the most recently used connection first, so that the extra connections of a busy moment are closed soon. */
const agent = new Agent({ keepAlive: true, scheduling: 'lifo', maxSockets: 100 });

/** Posts once. Returns the status, or 0 when there was no response within 10 s. */
export function postOnce(webhook: string, body: string): Promise<number> {
  return new Promise((resolve) => {
    const post = request(webhook, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      signal: AbortSignal.timeout(timeoutMs),
    });
    post.on('error', () => resolve(0));
    post.on('response', (response) => {
      response.on('error', () => resolve(0));
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    post.end(body);
  });
}
