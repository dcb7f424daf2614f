import type { IncomingMessage } from 'node:http';
import { ProblemError, retryAfter } from './problem.js';

/** The largest body that is read, in bytes: 1,000 messages with long texts. */
export const largestBodyBytes = 1_048_576;

/** How many times its limit is still taken in of a body that is too large, so that the sender gets to read the answer. */
const drainedTimes = 4;

/** What all bodies that are just coming in may take of memory together, in bytes. */
const mostBytesAtOnce = 64 * largestBodyBytes;

let bytesNow = 0;

/**
 * Reads a request's body, with its cap enforced while reading.
 *
 * @param options.largestBytes default 1 MiB
 * @throws {ProblemError} 415 for a Content-Encoding, 413 over the cap, 400 for a body that was cut off, 503 while 64 MiB of
 * bodies are coming in already
 */
export function readBody(request: IncomingMessage, { largestBytes = largestBodyBytes } = {}): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding && encoding !== 'identity') {
    request.resume();
    throw new ProblemError('content-encoded', 'Send the body without a Content-Encoding.');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let kept = 0;
    let read = 0;
    let refused = false;
    const refuse = (problem: ProblemError) => {
      refused = true;
      chunks.length = 0;
      reject(problem);
    };
    const tooLarge = () => refuse(new ProblemError('body-too-large', `A body may have at most ${largestBytes} bytes.`));
    if (Number(request.headers['content-length'] ?? 0) > largestBytes) tooLarge();
    request.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > drainedTimes * largestBytes) return void request.destroy();
      if (refused) return;
      if (read > largestBytes) return tooLarge();
      if (bytesNow + chunk.length > mostBytesAtOnce) return refuse(new ProblemError('not-accepted', 'Too much is coming in at once. Deliver it again.', { headers: retryAfter }));
      kept += chunk.length;
      bytesNow += chunk.length;
      chunks.push(chunk);
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('close', () => {
      bytesNow -= kept;
      // Only then: an error is costly, and every request closes.
      if (!request.complete) reject(new ProblemError('body-cut-off', 'The body ended before its Content-Length.'));
    });
  });
}
