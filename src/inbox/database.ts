import { createErasure, type ErasureCursor, type ErasureStep } from './erasure.js';
import { createGuids } from './guids.js';
import { createQuarantine, type Quarantined } from './quarantine.js';
import type { InboxFile } from './schema.js';
import { createSheets } from './sheets.js';
import { createWaiting } from './waiting.js';

/** What one commit changes. Parallel arrays, since they cross from thread to thread. */
export interface Change {
  guids: readonly string[];
  /** The texts, for their hashes. */
  texts: readonly string[];
  /** The messages as JSON. */
  messages: readonly string[];
  quarantined: ReadonlyArray<{ reason: string; raw: string | Uint8Array }>;
  /** Rows whose workflow exists, and their numbers, of which the ledger keeps a hash. */
  forwarded: ReadonlyArray<{ seq: number; number: string }>;
  /** Rows that Temporal refuses, and when to try again, in Unix milliseconds. */
  stuck: ReadonlyArray<{ seq: number; reason: string; retryAtMs: number }>;
}

export interface Committed {
  /** How many messages were new. */
  fresh: number;
  /** Places in the change whose GUID was known with another text. */
  conflicts: number[];
}

export interface Requeued extends Committed {
  /** The entries that what is left of it has now. */
  left: number[];
}

/** An entry of the quarantine and what it is made of by now. */
export interface Requeue extends Pick<Change, 'guids' | 'texts' | 'messages' | 'quarantined'> {
  id: number;
}

export interface InboxStatus {
  /** Accepted, and Temporal does not have them yet; stuck ones included. */
  depth: number;
  stuck: number;
  /** When the oldest of them that is not stuck was accepted, in Unix milliseconds. */
  oldestAtMs: number | null;
  quarantined: number;
}

const day = 86_400_000;

/** The inbox's tables and what may be done with them. Synchronous: it has a thread to itself. */
export function createInboxDatabase(file: InboxFile, now: () => number = Date.now, mostGuidsInMemory?: number) {
  const { db } = file;
  const sql = {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    setStuck: db.prepare('UPDATE pending SET retry_at = ?, stuck_reason = ? WHERE seq = ?'),
    counts: db.prepare('SELECT count(*) AS depth, count(retry_at) AS stuck, max(seq) AS lastSeq FROM pending'),
    stuck: db.prepare('SELECT count(*) FROM pending WHERE retry_at IS NOT NULL').pluck(),
    probe: db.prepare("INSERT OR REPLACE INTO settings VALUES ('probed_at', ?)"),
    oldest: db.prepare('SELECT seq FROM pending WHERE seq >= ? AND retry_at IS NULL ORDER BY seq LIMIT 1').pluck(),
  };

  const sheets = createSheets(file);
  const guids = createGuids(file, sheets, mostGuidsInMemory);
  const quarantine = createQuarantine(file, now);
  const waiting = createWaiting(db, sheets, now);
  const erase = createErasure({ file, guids, sheets, quarantine, waiting });
  let counts = sql.counts.get() as { depth: number; stuck: number; lastSeq: number | null };
  let lastSeq = counts.lastSeq ?? 0;
  let purgeFrom = '';
  // Below it all are stuck, and stay so until they are gone: asked at each commit, it walks past them only once.
  let oldestFrom = 0;

  /** One transaction: all of it is on disk when this returns, or none. */
  function transaction<Result>(work: () => Result): Result {
    const before = { ...counts };
    sql.begin.run();
    try {
      const result = work();
      sql.commit.run();
      guids.committed();
      quarantine.committed();
      return result;
    } catch (error) {
      if (db.inTransaction) sql.rollback.run();
      guids.undone();
      quarantine.undone();
      counts = before;
      // Last: it asks the file, whose disk may have failed.
      sheets.undone();
      throw error;
    }
  }

  function accept({ guids: offered, texts, messages }: Pick<Change, 'guids' | 'texts' | 'messages'>): Committed {
    const conflicts: number[] = [];
    let fresh = 0;
    offered.forEach((guid, index) => {
      const message = messages[index] as string;
      const seq = Math.max(lastSeq + 1, now() * 1_000);
      const seen = guids.accept(guid, texts[index] as string, message, seq);
      if (seen === 'new') {
        lastSeq = seq;
        fresh++;
      } else if (seen === 'conflict') {
        conflicts.push(index);
        quarantine.add('guid-conflict', message);
      }
    });
    sheets.finish();
    counts.depth += fresh;
    return { fresh, conflicts };
  }

  function settle({ forwarded, stuck }: Change): void {
    for (const { seq, number } of forwarded) if (guids.settle(seq, number)) counts.depth--;
    for (const { seq, reason, retryAtMs } of stuck) sql.setStuck.run(retryAtMs, reason, seq);
    if (stuck.length > 0 || counts.stuck > 0) counts.stuck = sql.stuck.get() as number;
  }

  return {
    /**
     * A change of nothing is written too, since it asks whether the disk takes anything.
     *
     * @throws the error of SQLite, after undoing everything
     */
    commit(change: Change): Committed {
      return transaction(() => {
        if (Object.values(change).every(({ length }) => length === 0)) sql.probe.run(now());
        const committed = accept(change);
        for (const { reason, raw } of change.quarantined) quarantine.add(reason, raw);
        settle(change);
        return committed;
      });
    },

    /**
     * Accepts what an entry of the quarantine has become; it leaves the quarantine in the same transaction, and what is still
     * wrong with a part of it stays there.
     *
     * @returns undefined when there is no such entry any more
     */
    requeue({ id, guids, texts, messages, quarantined }: Requeue): Requeued | undefined {
      return transaction(() => {
        if (!quarantine.has(id)) return undefined;
        const newest = quarantine.newest();
        const committed = accept({ guids, texts, messages });
        for (const { reason, raw } of quarantined) quarantine.add(reason, raw);
        // Last: what is added may have let the oldest go, and that may have been this one.
        if (quarantine.has(id)) quarantine.release(id);
        return { ...committed, left: quarantine.idsAfter(newest) };
      });
    },

    /** The next entries of the quarantine after that id. */
    quarantined: (afterId: number, limit: number): Quarantined[] => quarantine.look(afterId, limit),

    /** The oldest rows after `seq` that are to be forwarded. */
    pending: waiting.notStuck,

    /** The stuck rows whose time has come. */
    stuck: waiting.stuck,

    /** One small step of an erasure. */
    erase(number: string, cursor: ErasureCursor): ErasureStep {
      return transaction(() => {
        const step = erase(number, cursor);
        counts.depth -= step.seqs.length;
        if (step.seqs.length > 0) counts.stuck = sql.stuck.get() as number;
        return step;
      });
    },

    status(): InboxStatus {
      const seq = sql.oldest.get(oldestFrom) as number | undefined;
      oldestFrom = seq ?? lastSeq + 1;
      return { depth: counts.depth, stuck: counts.stuck, oldestAtMs: seq === undefined ? null : Math.floor(seq / 1_000), quarantined: quarantine.rows() };
    },

    /**
     * One small step of the purge: looks at the next `limit` GUIDs and forgets those older than `dedupDays`, never one whose
     * message is still pending; and lets go what has been in quarantine for its days. Returns false at the end of a round.
     */
    purge(dedupDays: number, limit: number): boolean {
      return transaction(() => {
        const moreInQuarantine = quarantine.purge();
        purgeFrom = guids.forget({ before: (now() - dedupDays * day) * 1_000, after: purgeFrom, limit });
        return purgeFrom !== '' || moreInQuarantine;
      });
    },

    /** Leaves nothing in the log; false where another program reads the file, which leaves it as it is. */
    emptyLog(): boolean {
      db.pragma('busy_timeout = 0');
      try {
        return db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0;
      } finally {
        db.pragma('busy_timeout = 5000');
      }
    },

    /** Moves the log into the database file, as far as readers allow. */
    checkpoint(): void {
      db.pragma('wal_checkpoint(PASSIVE)');
    },
  };
}

export type InboxDatabase = ReturnType<typeof createInboxDatabase>;
