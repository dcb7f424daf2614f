import type { Middleware } from 'koa';
import { ProblemError } from '../http/problem.js';
import { isOfForeignPage, namesThisMachine } from '../simulated-gateway/own-page.js';

const headers = {
  'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/**
 * It listens on loopback, where every web site that this machine's user looks at can send requests, too: only what the page
 * itself asks goes on. A link may lead to the page; what is no browser says nothing of where it comes from.
 */
export function onlyOwnPage(): Middleware {
  return (ctx, next) => {
    ctx.set(headers);
    if (!namesThisMachine(ctx.headers)) throw new ProblemError('foreign-page', { detail: 'The page is only at localhost.' });
    if (isOfForeignPage(ctx.headers) && ctx.path !== '/') throw new ProblemError('foreign-page');
    // A form, and a script of another site without a permission that it does not get, can send no such type.
    if (ctx.method === 'POST' && !/^application\/json\s*(;|$)/i.test(ctx.get('Content-Type'))) {
      throw new ProblemError('foreign-page', { detail: 'Send application/json.' });
    }
    return next();
  };
}
