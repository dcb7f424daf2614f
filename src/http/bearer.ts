import type { Middleware } from 'koa';
import { ProblemError } from './problem.js';
import { isSame } from './secret.js';

/** Lets a request through that has the token in its Authorization header. */
export function bearer(token: string): Middleware {
  const expected = `Bearer ${token}`;
  return (ctx, next) => {
    if (!isSame(ctx.get('Authorization'), expected)) throw new ProblemError('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
    return next();
  };
}
