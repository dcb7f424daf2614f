import type { Middleware } from 'koa';
import { ProblemError } from '../../http/problem.js';
import { isCrossSite, namesThisMachine } from '../simulated-gateway/same-origin.js';

const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/**
 * Rejects requests of other web sites. The page listens on loopback, and any web site that the user visits can send
 * requests there. Only requests of the page itself, links to the page, and clients without browser headers are
 * accepted.
 */
export function pageSecurity(): Middleware {
  return (ctx, next) => {
    ctx.set(headers);
    if (!namesThisMachine(ctx.headers))
      throw new ProblemError('foreign-page', { detail: 'Open the page at localhost or 127.0.0.1.' });
    if (isCrossSite(ctx.headers) && ctx.path !== '/') throw new ProblemError('foreign-page');
    // Another site's form can't send this type, and its script would need a CORS permission, which it doesn't get.
    if (ctx.method === 'POST' && !/^application\/json\s*(;|$)/i.test(ctx.get('Content-Type'))) {
      throw new ProblemError('foreign-page', { detail: 'Send application/json.' });
    }
    return next();
  };
}
