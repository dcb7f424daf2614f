import type { Context } from 'koa';
import { ProblemError } from './problem.js';
import { isSame } from './secret.js';
import { claimsSignature, isSigned } from './signature.js';

export interface Credentials {
  /** What the provider's unsigned format carries. */
  token?: string | undefined;
  /** The keys of its signed format; any of them may sign. */
  signingSecrets: readonly string[];
}

/** Reads the body of a request that has proven who sends it. */
export type ReadAuthenticated = (ctx: Context, read: () => Promise<Buffer>) => Promise<Buffer>;

/**
 * Lets a request through that carries the token, or whose body is signed; everything, when there is neither to ask for.
 *
 * @throws {ProblemError} 401 that says nothing about why
 */
export function authentication({ token, signingSecrets }: Credentials): ReadAuthenticated {
  if (token === undefined && signingSecrets.length === 0) return (_ctx, read) => read();
  return async (ctx, read) => {
    if (token !== undefined && carriesToken(ctx, token)) return read();
    if (signingSecrets.length === 0 || !claimsSignature(ctx.headers)) throw unauthenticated();
    const body = await read();
    if (!isSigned(ctx.headers, body, signingSecrets)) throw unauthenticated();
    return body;
  };
}

/** As header `X-Webhook-Secret`, as `?token=` or as the last part of the path, whichever the gateway's dashboard allows. */
function carriesToken(ctx: Context, expected: string): boolean {
  const { token } = ctx.query;
  const offered = [ctx.get('X-Webhook-Secret'), typeof token === 'string' ? token : '', (ctx['params'] as { token?: string }).token ?? ''];
  // All three are compared, so that the time says nothing about where the token stood.
  return offered.map((value) => isSame(value, expected)).includes(true);
}

/** RFC 9110 section 11.6.1 wants one; it is the same for every fault. */
export const challenge = { 'WWW-Authenticate': 'X-Webhook-Secret' };

function unauthenticated(): ProblemError {
  return new ProblemError('unauthenticated', 'The request is not authenticated.', { headers: challenge });
}
