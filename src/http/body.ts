import type { IncomingMessage } from 'node:http';
import { limits } from './limits.js';
import { ProblemError, retryAfter } from './problem.js';

/** How many times its limit is still taken in of a body that is too large, so that the sender gets to read the answer. */
const drainedTimes = 4;

/** What bodies that are just coming in may take of memory together, in bytes. */
const mostBytesAtOnce = 64 * limits.bodyBytes;

interface Reading {
  bytes: number;
  /** Takes it off the pool, too. */
  refuse: (problem: ProblemError) => void;
}

/** Bodies that share their bound. Past it the one that has been coming in longest is refused, so that slow senders harm only each other. */
export type BodyPool = ReturnType<typeof createBodyPool>;

export function createBodyPool(mostBytes: number = mostBytesAtOnce) {
  const readings = new Set<Reading>();
  let bytesNow = 0;

  function remove(reading: Reading): void {
    if (readings.delete(reading)) bytesNow -= reading.bytes;
  }

  return {
    add: (reading: Reading) => void readings.add(reading),
    remove,
    take(reading: Reading, bytes: number): void {
      reading.bytes += bytes;
      bytesNow += bytes;
      for (const oldest of readings) {
        if (bytesNow <= mostBytes) return;
        oldest.refuse(new ProblemError('not-accepted', { detail: 'Too much is coming in at once. Deliver it again.', headers: retryAfter }));
      }
    },
  };
}

/**
 * Reads a request's body, with its cap enforced while reading.
 *
 * @param options.largestBytes default 1 MiB
 * @throws {ProblemError} 415 for a Content-Encoding, 413 over the cap, 400 for a body that was cut off, 503 when the pool is full
 */
export function readBody(request: IncomingMessage, { pool, largestBytes = limits.bodyBytes }: { pool: BodyPool; largestBytes?: number }): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding && encoding !== 'identity') {
    request.resume();
    throw new ProblemError('content-encoded');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let read = 0;
    let refused = false;
    const reading: Reading = {
      bytes: 0,
      refuse(problem) {
        refused = true;
        chunks.length = 0;
        pool.remove(reading);
        reject(problem);
      },
    };
    pool.add(reading);
    const tooLarge = () => reading.refuse(new ProblemError('body-too-large', { detail: `A body may have at most ${largestBytes} bytes.` }));
    if (Number(request.headers['content-length'] ?? 0) > largestBytes) tooLarge();
    request.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > drainedTimes * largestBytes) request.destroy();
      else if (read > largestBytes && !refused) tooLarge();
      if (refused || request.destroyed) return;
      chunks.push(chunk);
      pool.take(reading, chunk.length);
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('close', () => {
      pool.remove(reading);
      // Only then: an error is costly, and every request closes.
      if (!request.complete) reject(new ProblemError('body-cut-off'));
    });
  });
}
