import type { RequestHead, Verification } from '../gateway.js';
import { isToken, type TokenOptions } from './token.js';

/** Creates the verification of requests: each needs a token, as `Authorization: Bearer <token>`, exactly once. */
export function createVerify(options: TokenOptions): (head: RequestHead) => Verification {
  return ({ headers: { authorization } }) => {
    const [, token] = typeof authorization === 'string' ? (/^Bearer (\S{1,4000})$/i.exec(authorization) ?? []) : [];
    return token !== undefined && isToken(token, options) ? 'verified' : 'refused';
  };
}
