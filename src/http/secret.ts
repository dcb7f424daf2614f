import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares what is offered with a secret over hashes, in a time that says nothing of where they differ or how long they are. */
export function isSecret(secret: string): (offered: string) => boolean {
  const expected = digest(secret);
  return (offered) => timingSafeEqual(digest(offered), expected);
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
