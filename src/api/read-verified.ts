import type { Context } from 'koa';
import type { Inbound } from '../gateways/gateway.js';
import { createBodyPool, readBody } from '../http/body.js';
import type { Draining } from './admin/draining.js';
import { ProblemError } from '../http/problem.js';

/**
 * Verifies the client of a request, reads its body and handles it. From its verification on, the request counts as
 * traffic that keeps a drain from ending.
 */
export type ReadVerified = (ctx: Context, handle: (body: Buffer) => Promise<void>) => Promise<void>;

/** The memory that all unverified bodies may take together, in bytes. */
const maxUnverifiedBytes = 48 * 1_048_576;

/**
 * Creates the functions that verify and read requests, one for each gateway. All share the same memory. Bodies whose
 * signature isn't checked yet have a memory limit of their own, so they can't displace bodies that were verified by
 * their headers.
 */
export function createReadVerified({ during }: Pick<Draining, 'during'>) {
  const verified = createBodyPool();
  const unverified = createBodyPool(maxUnverifiedBytes);
  /**
   * @param challenge the headers of a 401
   * @throws {ProblemError} 401, without the reason
   */
  return ({ verify }: Pick<Inbound, 'verify'>, challenge: Readonly<Record<string, string>>): ReadVerified => {
    const unauthenticated = () => new ProblemError('unauthenticated', { headers: challenge });
    return async (ctx, handle) => {
      const { headers, query } = ctx;
      const pathToken = (ctx['params'] as { token?: string }).token;
      const verification = verify({ headers, query, target: ctx.url, pathToken });
      if (verification === 'verified') return during(async () => handle(await readBody(ctx.req, { pool: verified })));
      if (verification === 'refused') throw unauthenticated();
      const body = await readBody(ctx.req, { pool: unverified });
      if (!verification(body)) throw unauthenticated();
      return during(() => handle(body));
    };
  };
}
