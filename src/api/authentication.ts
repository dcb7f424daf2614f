import type { Context } from 'koa';
import { createBodyPool, readBody } from '../http/body.js';
import { ProblemError } from '../http/problem.js';
import { isSecret } from '../http/secret.js';
import { claimsSignature, isSigned } from './signature.js';

export interface Credentials {
  /** What the provider's unsigned format carries. */
  token?: string | undefined;
  /** The keys of its signed format; any of them may sign. */
  signingSecrets: readonly string[];
}

/** Reads the body of a request that has proven who sends it. */
export type ReadAuthenticated = (ctx: Context) => Promise<Buffer>;

/** What bodies may take together that have yet to prove themselves, in bytes. */
const mostUnprovenBytes = 48 * 1_048_576;

/**
 * Lets a request through that carries the token, or whose body is signed; everything, when there is neither to ask for.
 * Bodies whose signature is yet to be seen share a bound of their own, so that they cannot crowd out those with the token.
 *
 * @throws {ProblemError} 401 that says nothing about why
 */
export function authentication({ token, signingSecrets }: Credentials): ReadAuthenticated {
  const proven = createBodyPool();
  const unproven = createBodyPool(mostUnprovenBytes);
  if (token === undefined && signingSecrets.length === 0) return (ctx) => readBody(ctx.req, { pool: proven });
  const isToken = token === undefined ? () => false : isSecret(token);
  return async (ctx) => {
    if (offeredTokens(ctx).map(isToken).includes(true)) return readBody(ctx.req, { pool: proven });
    if (signingSecrets.length === 0 || !claimsSignature(ctx.headers)) throw unauthenticated();
    const body = await readBody(ctx.req, { pool: unproven });
    if (!isSigned(ctx.headers, body, signingSecrets)) throw unauthenticated();
    return body;
  };
}

/**
 * What stands where the token may: header `X-Webhook-Secret`, `?token=` and the last part of the path, whichever the gateway's
 * dashboard allows. All three, since comparing all of them says nothing about where the token stood.
 */
function offeredTokens(ctx: Context): string[] {
  const { token } = ctx.query;
  return [ctx.get('X-Webhook-Secret'), typeof token === 'string' ? token : '', (ctx['params'] as { token?: string }).token ?? ''];
}

/** RFC 9110 section 11.6.1 wants one; it is the same for every fault. */
export const challenge = { 'WWW-Authenticate': 'X-Webhook-Secret' };

function unauthenticated(): ProblemError {
  return new ProblemError('unauthenticated', { headers: challenge });
}
