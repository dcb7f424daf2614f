import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares a value with a secret in constant time. It compares hashes, to hide the length too. */
export function isSecret(secret: string): (offered: string) => boolean {
  const expected = digest(secret);
  return (offered) => timingSafeEqual(digest(offered), expected);
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
