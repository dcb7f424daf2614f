import type { Middleware } from 'koa';
import { ProblemError } from './problem.js';
import { isSecret } from '../secrets/is-secret.js';

/** Requires the token in the Authorization header; answers 401 otherwise. */
export function bearer(token: string): Middleware {
  const isExpected = isSecret(`Bearer ${token}`);
  return (ctx, next) => {
    if (!isExpected(ctx.get('Authorization')))
      throw new ProblemError('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
    return next();
  };
}
