import type { Context } from 'koa';
import type { Inbound } from '../gateways/gateway.js';
import { createBodyPool, readBody } from '../http/body.js';
import { ProblemError } from '../http/problem.js';

/** Verifies the client of a request and reads its body. */
export type ReadVerified = (ctx: Context) => Promise<Buffer>;

/** The memory that all unverified bodies may take together, in bytes. */
const maxUnverifiedBytes = 48 * 1_048_576;

/**
 * Creates the functions that verify and read requests, one for each gateway. All share the same memory. Bodies whose
 * signature isn't checked yet have a memory limit of their own, so they can't displace bodies that were verified by
 * their headers.
 */
export function createReadVerified() {
  const verified = createBodyPool();
  const unverified = createBodyPool(maxUnverifiedBytes);
  /**
   * @param challenge the headers of a 401
   * @throws {ProblemError} 401, without the reason
   */
  return ({ verify }: Pick<Inbound, 'verify'>, challenge: Readonly<Record<string, string>>): ReadVerified => {
    const unauthenticated = () => new ProblemError('unauthenticated', { headers: challenge });
    return async (ctx) => {
      const { headers, query } = ctx;
      const verification = verify({ headers, query, pathToken: (ctx['params'] as { token?: string }).token });
      if (verification === 'verified') return readBody(ctx.req, { pool: verified });
      if (verification === 'refused') throw unauthenticated();
      const body = await readBody(ctx.req, { pool: unverified });
      if (!verification(body)) throw unauthenticated();
      return body;
    };
  };
}
