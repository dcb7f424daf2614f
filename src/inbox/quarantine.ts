import type { InboxFile } from './schema.js';

/** Bounds of the quarantine; the oldest goes first. */
export const quarantineBounds = { rows: 10_000, bytes: 64 * 1_048_576, days: 7 };

/** Let go in one step of the purge: they may have a megabyte each. */
const releaseStep = 10;

const day = 86_400_000;

/** What was never accepted, as it came. */
export function createQuarantine({ db, keyring }: Pick<InboxFile, 'db' | 'keyring'>, now: () => number) {
  const sql = {
    add: db.prepare('INSERT INTO quarantine (at, reason, raw, key_id) VALUES (?, ?, ?, ?)'),
    page: db.prepare('SELECT id, raw, key_id AS keyId FROM quarantine WHERE id > ? ORDER BY id LIMIT ?'),
    oldest: db.prepare('SELECT id, at FROM quarantine ORDER BY id LIMIT 1'),
    release: db.prepare('DELETE FROM quarantine WHERE id = ? RETURNING length(raw)').pluck(),
    size: db.prepare('SELECT count(*) AS rows, coalesce(sum(length(raw)), 0) AS bytes FROM quarantine'),
  };
  let size = sql.size.get() as { rows: number; bytes: number };
  let sizeBefore = size;

  function release(id: number): void {
    const bytes = sql.release.get(id) as number;
    size = { rows: size.rows - 1, bytes: size.bytes - bytes };
  }

  const releaseOldest = () => release((sql.oldest.get() as { id: number }).id);

  const isOldestPastItsDays = () => {
    const oldest = sql.oldest.get() as { at: number } | undefined;
    return oldest !== undefined && oldest.at < now() - quarantineBounds.days * day;
  };

  return {
    add(reason: string, raw: string | Uint8Array): void {
      const plain = Buffer.from(raw);
      const { bytes, keyId } = keyring.seals ? keyring.seal(plain, 'quarantine') : { bytes: plain, keyId: null };
      sql.add.run(now(), reason, bytes, keyId);
      size = { rows: size.rows + 1, bytes: size.bytes + bytes.length };
      while (size.rows > quarantineBounds.rows || size.bytes > quarantineBounds.bytes) releaseOldest();
    },

    /** One step; returns whether more have had their days. */
    purge(): boolean {
      for (let released = 0; released < releaseStep && isOldestPastItsDays(); released++) releaseOldest();
      return isOldestPastItsDays();
    },

    /** @throws {UnreadableError} from `read` of a row that does not open */
    page: (afterId: number, limit: number) =>
      (sql.page.all(afterId, limit) as Array<{ id: number; raw: Buffer; keyId: string | null }>).map(({ id, raw, keyId }) => ({
        id,
        read: () => (keyId === null ? raw : keyring.open({ keyId, bytes: raw }, 'quarantine')),
      })),

    release,
    rows: () => size.rows,
    committed: () => void (sizeBefore = size),
    undone: () => void (size = sizeBefore),
  };
}
