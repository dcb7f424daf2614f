import type { Middleware } from 'koa';
import type { Acknowledgement, ApiObserver } from '../domain/acknowledgement.js';
import { ProblemError } from '../http/problem.js';

/** Reports the outcome and the duration of each request. */
export function timed(observer: Pick<ApiObserver, 'onResponded'>): Middleware {
  return async (ctx, next) => {
    const fromMs = performance.now();
    let status = 500;
    try {
      await next();
      status = ctx.status;
    } catch (error) {
      if (error instanceof ProblemError) status = error.status;
      throw error;
    } finally {
      observer.onResponded(outcomeOf(status), (performance.now() - fromMs) / 1_000);
    }
  };
}

function outcomeOf(status: number): Acknowledgement {
  if (status < 300) return 'accepted';
  if (status === 401) return 'unauthenticated';
  if (status >= 400 && status < 500) return 'invalid';
  return status === 503 ? 'not-accepted' : 'failed';
}
