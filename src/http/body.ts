import type { IncomingMessage } from 'node:http';
import { limits } from './limits.js';
import { ProblemError, retryAfter } from './problem.js';

/** A body over its limit is read up to this multiple of it, so that the client can finish and read the 413. */
const drainedTimes = 4;

/** The memory that all bodies in reading may take together, in bytes. */
const maxBytesAtOnce = 64 * limits.bodyBytes;

interface Reading {
  bytes: number;
  /** Also removes the reading from the pool. */
  refuse: (problem: ProblemError) => void;
}

/**
 * Bodies that share one memory limit. Over the limit, the body that has been read for the longest time is refused, so
 * slow clients only harm each other.
 */
export type BodyPool = ReturnType<typeof createBodyPool>;

export function createBodyPool(maxBytes: number = maxBytesAtOnce) {
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
        if (bytesNow <= maxBytes) return;
        oldest.refuse(
          new ProblemError('not-accepted', {
            detail: 'Too many bodies are being received at the same time. Post it again.',
            headers: retryAfter,
          }),
        );
      }
    },
  };
}

/**
 * Reads a request's body and enforces the limit while reading.
 *
 * @param options.maxBytes default 1 MiB
 * @throws {ProblemError} 415 for a Content-Encoding, 413 over the limit, 400 for a truncated body, 503 when the pool is
 * full
 */
export function readBody(
  request: IncomingMessage,
  { pool, maxBytes = limits.bodyBytes }: { pool: BodyPool; maxBytes?: number },
): Promise<Buffer> {
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
    const tooLarge = () =>
      reading.refuse(new ProblemError('body-too-large', { detail: `A body may have at most ${maxBytes} bytes.` }));
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) tooLarge();
    request.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > drainedTimes * maxBytes) request.destroy();
      else if (read > maxBytes && !refused) tooLarge();
      if (refused || request.destroyed) return;
      chunks.push(chunk);
      pool.take(reading, chunk.length);
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('close', () => {
      pool.remove(reading);
      // Every request closes, and creating an error is expensive: only create one for a truncated body.
      if (!request.complete) reject(new ProblemError('body-cut-off'));
    });
  });
}
