import { UnreadableError } from '../keyring.js';
import type { InboxFile } from './schema.js';

/** Bounds of the quarantine; the oldest goes first. */
export const quarantineBounds = { rows: 10_000, bytes: 64 * 1_048_576, days: 7 };

/** Let go in one step of the purge: they may have a megabyte each. */
const releaseStep = 10;

const day = 86_400_000;

/** Bytes that one look may open; an entry with more is looked at alone. */
const lookBytes = 262_144;

/** An entry of the quarantine, opened. */
export interface Quarantined {
  id: number;
  /** When it came, in Unix milliseconds. */
  at: number;
  reason: string;
  /** As it came; absent when its key is missing, which `unreadable` says. */
  raw?: Uint8Array;
  unreadable?: string;
}

/** What was never accepted, as it came. */
export function createQuarantine({ db, keyring }: Pick<InboxFile, 'db' | 'keyring'>, now: () => number) {
  const sql = {
    add: db.prepare('INSERT INTO quarantine (at, reason, raw, key_id) VALUES (?, ?, ?, ?)'),
    look: db.prepare('SELECT id, at, reason, raw, key_id AS keyId FROM quarantine WHERE id > ? ORDER BY id LIMIT ?'),
    newest: db.prepare('SELECT max(id) FROM quarantine').pluck(),
    idsAfter: db.prepare('SELECT id FROM quarantine WHERE id > ? ORDER BY id').pluck(),
    has: db.prepare('SELECT 1 FROM quarantine WHERE id = ?').pluck(),
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

  const open = ({ raw, keyId }: { raw: Buffer; keyId: string | null }) => (keyId === null ? raw : keyring.open({ keyId, bytes: raw }, 'quarantine'));

  function opened({ raw, keyId, ...entry }: Row): Quarantined {
    try {
      return { ...entry, raw: open({ raw, keyId }) };
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return { ...entry, unreadable: error.message };
    }
  }

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
        read: () => open({ raw, keyId }),
      })),

    /** The next entries, fewer than `limit` where they are large, and none only at the end. */
    look(afterId: number, limit: number): Quarantined[] {
      const found: Quarantined[] = [];
      let bytes = 0;
      for (const row of sql.look.iterate(afterId, limit) as IterableIterator<Row>) {
        bytes += row.raw.length;
        if (found.length > 0 && bytes > lookBytes) break;
        found.push(opened(row));
      }
      return found;
    },

    newest: () => (sql.newest.get() as number | null) ?? 0,
    idsAfter: (id: number) => sql.idsAfter.all(id) as number[],
    has: (id: number) => sql.has.get(id) !== undefined,

    release,
    rows: () => size.rows,
    committed: () => void (sizeBefore = size),
    undone: () => void (size = sizeBefore),
  };
}

interface Row {
  id: number;
  at: number;
  reason: string;
  raw: Buffer;
  keyId: string | null;
}
