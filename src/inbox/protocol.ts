import type { PayloadKey } from '../keyring.js';
import type { ErasureCursor, ErasureStep } from './erasure.js';
import type { Change, Committed, InboxStatus, Requeue, Requeued } from './database.js';
import type { Quarantined } from './quarantine.js';
import type { PendingMessage } from './waiting.js';

/** What the inbox asks its thread. Requests are answered in order. */
export type Request =
  | { type: 'commit'; change: Change }
  | { type: 'page'; stuck: boolean; afterSeq: number; limit: number }
  | { type: 'erase'; number: string; cursor: ErasureCursor }
  | { type: 'look-quarantined'; afterId: number; limit: number }
  | { type: 'requeue'; requeue: Requeue }
  | { type: 'close' };

export type Answer =
  | { type: 'open'; status: InboxStatus }
  | ({ type: 'committed'; status: InboxStatus } & Committed)
  /** `code` is SQLite's, such as `SQLITE_FULL`. */
  | { type: 'failed'; code: string; message: string }
  | { type: 'page'; rows: PendingMessage[] }
  | { type: 'erased'; step: ErasureStep; status: InboxStatus }
  | { type: 'quarantined'; entries: Quarantined[] }
  /** `requeued` is absent when there was no such entry. */
  | { type: 'requeued'; requeued: Requeued | undefined; status: InboxStatus }
  /** What an operator asked for was not done; what an erasure did before is done. */
  | { type: 'refused'; code: string; message: string }
  /** A disk error outside a commit. */
  | { type: 'broken'; code: string; message: string };

/**
 * After these the state of the file is in doubt; trying again could acknowledge what is not on the disk. Not among them:
 * SQLITE_IOERR_SHMSIZE, as which a full disk shows where the index of the log must grow (unixShmMap in os_unix.c).
 */
export const isDiskError = (code: string) =>
  (code.startsWith('SQLITE_IOERR') && code !== 'SQLITE_IOERR_SHMSIZE') || code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB';

export interface ThreadSettings {
  dataDir: string;
  dedupDays: number;
  synchronous: 'FULL' | 'NORMAL';
  payloadKeys: readonly PayloadKey[];
}
