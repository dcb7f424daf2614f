import { createHash, timingSafeEqual } from 'node:crypto';
import type { Middleware } from 'koa';
import { ProblemError } from './problem.js';

/**
 * Lets a request through that carries the secret as header `X-Webhook-Secret`, as `?token=` or as the last part of the
 * path, whichever the gateway's dashboard allows. Compared over hashes, in constant time.
 */
export function authentication(secret: string | undefined): Middleware {
  if (secret === undefined) return (_ctx, next) => next();
  const expected = digest(secret);
  return (ctx, next) => {
    const { token } = ctx.query;
    const offered = [ctx.get('X-Webhook-Secret'), typeof token === 'string' ? token : '', (ctx['params'] as { token?: string }).token ?? ''];
    // All three are compared, so that the time says nothing about where the secret stood.
    if (!offered.map((value) => timingSafeEqual(digest(value), expected)).includes(true)) {
      throw new ProblemError(401, 'The request is not authenticated.');
    }
    return next();
  };
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
