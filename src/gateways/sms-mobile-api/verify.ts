import { isSecret } from '../../secrets/is-secret.js';
import type { RequestHead, Verification } from '../gateway.js';
import type { Credentials } from './settings.js';
import { claimsSignature, isSigned } from './signature.js';

/** The header of a post that has the secret. */
export const secretHeader = 'X-Webhook-Secret';

/**
 * Creates the verification of requests: a request needs the token or a signed body; without credentials, every request
 * is verified. The token is compared before the body is read, in constant time.
 */
export function createVerify({ token, signingSecrets }: Credentials): (head: RequestHead) => Verification {
  if (token === undefined && signingSecrets.length === 0) return () => 'verified';
  const isToken = token === undefined ? () => false : isSecret(token);
  return (head) => {
    if (tokensIn(head).map(isToken).includes(true)) return 'verified';
    if (signingSecrets.length === 0 || !claimsSignature(head.headers)) return 'refused';
    return (body) => isSigned(head.headers, body, signingSecrets);
  };
}

/**
 * Returns the tokens of a request: from the header, from `?token=` and from the last part of the
 * path, whichever the provider's dashboard can set. All three are compared, so that the timing doesn't reveal which one
 * matched.
 */
function tokensIn({ headers, query, pathToken }: RequestHead): string[] {
  return [headers[secretHeader.toLowerCase()], query['token'], pathToken].map((one) =>
    typeof one === 'string' ? one : '',
  );
}
