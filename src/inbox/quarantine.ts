import type Database from 'better-sqlite3';

/** Bounds of the quarantine; the oldest goes first. */
export const quarantineBounds = { rows: 10_000, bytes: 64 * 1_048_576, days: 7 };

/** Let go in one step of the purge: they may have a megabyte each. */
const releaseStep = 10;

const day = 86_400_000;

/** What was never accepted, as it came. */
export function createQuarantine(db: Database.Database, now: () => number) {
  const sql = {
    add: db.prepare('INSERT INTO quarantine (at, reason, raw) VALUES (?, ?, ?)'),
    oldest: db.prepare('SELECT id, at, length(raw) AS bytes FROM quarantine ORDER BY id LIMIT 1'),
    release: db.prepare('DELETE FROM quarantine WHERE id = ?'),
    size: db.prepare('SELECT count(*) AS rows, coalesce(sum(length(raw)), 0) AS bytes FROM quarantine'),
  };
  let size = sql.size.get() as { rows: number; bytes: number };
  let sizeBefore = size;

  function releaseOldest(): void {
    const { id, bytes } = sql.oldest.get() as { id: number; bytes: number };
    sql.release.run(id);
    size = { rows: size.rows - 1, bytes: size.bytes - bytes };
  }

  const isOldestPastItsDays = () => {
    const oldest = sql.oldest.get() as { at: number } | undefined;
    return oldest !== undefined && oldest.at < now() - quarantineBounds.days * day;
  };

  return {
    add(reason: string, raw: string | Uint8Array): void {
      const bytes = Buffer.from(raw);
      sql.add.run(now(), reason, bytes);
      size = { rows: size.rows + 1, bytes: size.bytes + bytes.length };
      while (size.rows > quarantineBounds.rows || size.bytes > quarantineBounds.bytes) releaseOldest();
    },

    /** One step; returns whether more have had their days. */
    purge(): boolean {
      for (let released = 0; released < releaseStep && isOldestPastItsDays(); released++) releaseOldest();
      return isOldestPastItsDays();
    },

    rows: () => size.rows,
    committed: () => void (sizeBefore = size),
    undone: () => void (size = sizeBefore),
  };
}
