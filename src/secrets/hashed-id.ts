import { createHash } from 'node:crypto';

/** Returns what stands for an id that can't be used unchanged: `guid-` and its SHA-256 in hex. */
export function hashedId(id: string): string {
  return `guid-${createHash('sha256').update(id).digest('hex')}`;
}
