import type { PayloadKey } from '../secrets/keyring.js';
import type { InboxDatabase, InboxStatus } from './database.js';

/** What the inbox asks its thread to do. */
export type Operations = Pick<
  InboxDatabase,
  'commit' | 'page' | 'listStuck' | 'retryStuck' | 'quarantined' | 'requeue' | 'erase'
>;

export type InputOf<Name extends keyof Operations> = Parameters<Operations[Name]>[0];
export type ResultOf<Name extends keyof Operations> = ReturnType<Operations[Name]>;

/** A request of the inbox to its thread. The thread responds to operations in order. */
export type ThreadRequest =
  { [Name in keyof Operations]: { operation: Name; input: InputOf<Name> } }[keyof Operations] | { operation: 'close' };

export type ThreadResponse =
  /** An operation has ended; the first one says that the inbox is open. */
  | { type: 'done'; result: unknown; status: InboxStatus }
  /** An operation has failed and changed nothing. `code` is SQLite's, such as `SQLITE_FULL`. */
  | { type: 'failed'; code: string; message: string }
  /** A disk error outside an operation. */
  | { type: 'broken'; code: string; message: string };

/**
 * Tells whether an error leaves the state of the file in doubt; a retry could then acknowledge what isn't on the disk.
 * SQLITE_IOERR_SHMSIZE isn't one of them: a full disk causes it when the index of the log must grow (unixShmMap in
 * os_unix.c).
 */
export const isDiskError = (code: string) =>
  (code.startsWith('SQLITE_IOERR') && code !== 'SQLITE_IOERR_SHMSIZE') ||
  code === 'SQLITE_CORRUPT' ||
  code === 'SQLITE_NOTADB';

export interface ThreadOptions {
  dataDir: string;
  synchronous: 'FULL' | 'NORMAL';
  payloadKeys: readonly PayloadKey[];
}
