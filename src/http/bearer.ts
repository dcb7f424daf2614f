import type { Middleware } from 'koa';
import { ProblemError } from './problem.js';
import { isSecret } from './secret.js';

/** Lets a request through that has the token in its Authorization header. */
export function bearer(token: string): Middleware {
  const isExpected = isSecret(`Bearer ${token}`);
  return (ctx, next) => {
    if (!isExpected(ctx.get('Authorization'))) throw new ProblemError('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
    return next();
  };
}
