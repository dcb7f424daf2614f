import { Agent, request } from 'node:http';

const answerWithinMs = 10_000;

/** The connection used last is used next, so that those of a busy moment are soon closed again. */
const agent = new Agent({ keepAlive: true, scheduling: 'lifo', maxSockets: 100 });

/** Posts once. Returns the status, or 0 when there was no answer within 10 s. */
export function deliverOnce(webhook: string, body: string): Promise<number> {
  return new Promise((resolve) => {
    const post = request(webhook, { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }, signal: AbortSignal.timeout(answerWithinMs) });
    post.on('error', () => resolve(0));
    post.on('response', (response) => {
      response.on('error', () => resolve(0));
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    post.end(body);
  });
}
