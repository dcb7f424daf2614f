import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

/** More than SQLite writes at once, so that the last free blocks of a quota don't hide it. */
const probe = Buffer.alloc(262_144);

/**
 * Tells whether the disk quota is used up, by writing a file. SQLite reports only a full disk as such, and this as an
 * I/O error like that of a broken disk (`unixWrite` in os_unix.c).
 */
export function isQuotaUsedUp(folder: string): boolean {
  const file = path.join(folder, 'quota-probe');
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'w', 0o600);
    for (let written = 0; written < probe.length;) written += writeSync(descriptor, probe, written, undefined, written);
    return false;
  } catch (error) {
    // By its number: the code is UNKNOWN, since libuv has no name for it.
    return (error as NodeJS.ErrnoException).errno === -constants.errno.EDQUOT;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(file, { force: true });
  }
}
