import type { IncomingMessage } from 'node:http';
import { ProblemError } from './problem.js';

/** The largest body that is read, in bytes: 1,000 messages with long texts. */
const largestBodyBytes = 1_048_576;

/** How much of a body that is too large is still taken in, so that the sender gets to read the answer. */
const drainedBytes = 4 * largestBodyBytes;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request's body, with its cap enforced while reading.
 *
 * @throws {ProblemError} 415 for a Content-Encoding, 413 over 1 MiB, 400 for a body that was cut off
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding && encoding !== 'identity') {
    request.resume();
    throw new ProblemError(415, 'Send the body without a Content-Encoding.');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = Number(request.headers['content-length'] ?? 0) > largestBodyBytes ? largestBodyBytes + 1 : 0;
    let read = 0;
    const tooLarge = () => reject(new ProblemError(413, `A body may have at most ${largestBodyBytes} bytes.`));
    if (size > largestBodyBytes) tooLarge();
    request.on('data', (chunk: Buffer) => {
      read += chunk.length;
      size += chunk.length;
      if (size <= largestBodyBytes) chunks.push(chunk);
      else tooLarge();
      if (read > drainedBytes) request.destroy();
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('close', () => {
      // Only then: an error is costly, and every request closes.
      if (!request.complete) reject(new ProblemError(400, 'The body ended before its Content-Length.'));
    });
  });
}

/** @throws {ProblemError} 400 when the bytes are not UTF-8 or not JSON */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new ProblemError(400, 'The body must be JSON in UTF-8.');
  }
}
