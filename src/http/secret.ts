import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares a secret over hashes, in a time that says nothing of where they differ or how long they are. */
export function isSame(offered: string, expected: string): boolean {
  return timingSafeEqual(digest(offered), digest(expected));
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
