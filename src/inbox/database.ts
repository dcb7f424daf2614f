import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InboxFile } from './schema.js';

/** What one commit changes. Parallel arrays, since they cross from thread to thread. */
export interface Change {
  guids: readonly string[];
  /** The texts, for their hashes. */
  texts: readonly string[];
  /** The messages as JSON. */
  messages: readonly string[];
  quarantined: ReadonlyArray<{ reason: string; raw: string | Uint8Array }>;
  /** Rows whose workflow exists. */
  forwarded: readonly number[];
  /** Rows that Temporal refuses, and when to try again, in Unix milliseconds. */
  stuck: ReadonlyArray<{ seq: number; reason: string; retryAtMs: number }>;
}

export interface Committed {
  /** How many messages were new. */
  fresh: number;
  /** Places in the change whose GUID was known with another text. */
  conflicts: number[];
}

export interface PendingMessage {
  seq: number;
  /** JSON of the message. */
  message: string;
}

export interface InboxStatus {
  /** Accepted, and Temporal does not have them yet; stuck ones included. */
  depth: number;
  stuck: number;
  /** When the oldest of them was accepted, in Unix milliseconds. */
  oldestAtMs: number | null;
  quarantined: number;
}

/** Bounds of the quarantine; the oldest goes first. */
export const quarantineBounds = { rows: 10_000, bytes: 64 * 1_048_576, days: 7 };

/** Of the quarantine, let go in one step of the purge: they may have a megabyte each. */
const releaseStep = 10;

const day = 86_400_000;

/** The inbox's tables and what may be done with them. Synchronous: it has a thread to itself. */
export function createInboxDatabase({ db, hashKey }: InboxFile, now: () => number = Date.now) {
  const sql = {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    remember: db.prepare('INSERT OR IGNORE INTO ledger VALUES (?, ?, ?)'),
    known: db.prepare('SELECT text_hash FROM ledger WHERE guid = ?').pluck(),
    add: db.prepare('INSERT INTO pending (seq, message) VALUES (?, ?)'),
    remove: db.prepare('DELETE FROM pending WHERE seq = ?'),
    setStuck: db.prepare('UPDATE pending SET retry_at = ?, stuck_reason = ? WHERE seq = ?'),
    page: db.prepare('SELECT seq, message FROM pending WHERE seq > ? AND retry_at IS NULL ORDER BY seq LIMIT ?'),
    stuckPage: db.prepare('SELECT seq, message FROM pending WHERE retry_at <= ? ORDER BY retry_at LIMIT ?'),
    quarantine: db.prepare('INSERT INTO quarantine (at, reason, raw) VALUES (?, ?, ?)'),
    oldestQuarantined: db.prepare('SELECT id, at, length(raw) AS bytes FROM quarantine ORDER BY id LIMIT 1'),
    release: db.prepare('DELETE FROM quarantine WHERE id = ?'),
    counts: db.prepare(
      `SELECT (SELECT count(*) FROM pending) AS depth, (SELECT count(*) FROM pending WHERE retry_at IS NOT NULL) AS stuck,
        (SELECT max(seq) FROM pending) AS lastSeq, (SELECT count(*) FROM quarantine) AS quarantined,
        (SELECT coalesce(sum(length(raw)), 0) FROM quarantine) AS quarantinedBytes`,
    ),
    stuck: db.prepare('SELECT count(*) FROM pending WHERE retry_at IS NOT NULL').pluck(),
    probe: db.prepare("INSERT OR REPLACE INTO settings VALUES ('probed_at', ?)"),
    oldest: db.prepare('SELECT min(seq) FROM pending').pluck(),
    ledgerPage: db.prepare('SELECT guid, seq FROM ledger WHERE guid > ? ORDER BY guid LIMIT ?'),
    isPending: db.prepare('SELECT 1 FROM pending WHERE seq = ?').pluck(),
    forget: db.prepare('DELETE FROM ledger WHERE guid = ?'),
  };

  let counts = sql.counts.get() as { depth: number; stuck: number; lastSeq: number | null; quarantined: number; quarantinedBytes: number };
  let lastSeq = counts.lastSeq ?? 0;
  let purgeFrom = '';

  /** One transaction: all of it is on disk when this returns, or none. */
  function transaction<Result>(work: () => Result): Result {
    const before = { ...counts };
    sql.begin.run();
    try {
      const result = work();
      sql.commit.run();
      return result;
    } catch (error) {
      if (db.inTransaction) sql.rollback.run();
      counts = before;
      throw error;
    }
  }

  function accept({ guids, texts, messages }: Change): Committed {
    const conflicts: number[] = [];
    let fresh = 0;
    guids.forEach((guid, index) => {
      const hash = createHmac('sha256', hashKey).update(texts[index] as string).digest().subarray(0, 16);
      const seq = Math.max(lastSeq + 1, now() * 1_000);
      if (sql.remember.run(guid, seq, hash).changes === 1) {
        sql.add.run(seq, messages[index]);
        lastSeq = seq;
        fresh++;
      } else if (!timingSafeEqual(hash, sql.known.get(guid) as Buffer)) {
        conflicts.push(index);
        quarantine('guid-conflict', messages[index] as string);
      }
    });
    counts.depth += fresh;
    return { fresh, conflicts };
  }

  function quarantine(reason: string, raw: string | Uint8Array): void {
    const bytes = Buffer.from(raw);
    sql.quarantine.run(now(), reason, bytes);
    counts.quarantined++;
    counts.quarantinedBytes += bytes.length;
    while (counts.quarantined > quarantineBounds.rows || counts.quarantinedBytes > quarantineBounds.bytes) releaseOldest();
  }

  function releaseOldest(): void {
    const { id, bytes } = sql.oldestQuarantined.get() as { id: number; bytes: number };
    sql.release.run(id);
    counts.quarantined--;
    counts.quarantinedBytes -= bytes;
  }

  function oldestQuarantinedAt(): number {
    return (sql.oldestQuarantined.get() as { at: number } | undefined)?.at ?? Infinity;
  }

  function settle({ forwarded, stuck }: Change): void {
    for (const seq of forwarded) counts.depth -= sql.remove.run(seq).changes;
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
        for (const { reason, raw } of change.quarantined) quarantine(reason, raw);
        settle(change);
        return committed;
      });
    },

    /** The oldest rows after `seq` that are to be forwarded. */
    pending: (afterSeq: number, limit: number) => sql.page.all(afterSeq, limit) as PendingMessage[],

    /** The stuck rows whose time has come. */
    stuck: (limit: number) => sql.stuckPage.all(now(), limit) as PendingMessage[],

    status(): InboxStatus {
      const seq = sql.oldest.get() as number | null;
      return { depth: counts.depth, stuck: counts.stuck, oldestAtMs: seq === null ? null : Math.floor(seq / 1_000), quarantined: counts.quarantined };
    },

    /**
     * One small step of the purge: looks at the next `limit` GUIDs and forgets those older than `dedupDays`, never one whose
     * message is still pending; and lets go what has been in quarantine for its days. Returns false at the end of a round.
     */
    purge(dedupDays: number, limit: number): boolean {
      return transaction(() => {
        const oldestKept = now() - quarantineBounds.days * day;
        for (let released = 0; released < releaseStep && oldestQuarantinedAt() < oldestKept; released++) releaseOldest();
        const page = sql.ledgerPage.all(purgeFrom, limit) as Array<{ guid: string; seq: number }>;
        const cutoff = (now() - dedupDays * day) * 1_000;
        for (const { guid, seq } of page) if (seq < cutoff && !sql.isPending.get(seq)) sql.forget.run(guid);
        purgeFrom = page.length < limit ? '' : (page.at(-1)?.guid ?? '');
        return purgeFrom !== '' || oldestQuarantinedAt() < oldestKept;
      });
    },

    /** Moves the log into the database file, as far as readers allow. */
    checkpoint(): void {
      db.pragma('wal_checkpoint(PASSIVE)');
    },
  };
}

export type InboxDatabase = ReturnType<typeof createInboxDatabase>;
