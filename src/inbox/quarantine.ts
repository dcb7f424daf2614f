import { createHmac } from 'node:crypto';
import { UnreadableError } from '../secrets/keyring.js';
import type { InboxFile } from './schema.js';

/** Limits of the quarantine. Over the first two, the oldest entry of the reason with the most of them is evicted. */
export const quarantineLimits = { rows: 10_000, bytes: 64 * 1_048_576, days: 7 };

/** Entries removed per step of the purge; each may have a megabyte. */
const maxRemovedPerStep = 10;

const day = 86_400_000;

/** The maximum size of one listing; a larger entry is listed alone. */
const maxListBytes = 262_144;

/** A part of a post that is not accepted, as received. */
export interface RejectedPart {
  reason: string;
  raw: string | Uint8Array;
  /** The gateway that posted it. */
  gateway?: string | undefined;
}

/** A quarantine entry, unsealed. */
export interface Quarantined {
  id: number;
  /** When it was received last, in Unix milliseconds. */
  at: number;
  reason: string;
  /** The gateway that posted it last; null when it was kept before the inbox recorded gateways. */
  gateway: string | null;
  /** How often the same bytes were received. */
  count: number;
  /** As received; absent when its key is missing, and `unreadable` has the reason. */
  raw?: Uint8Array;
  unreadable?: string;
}

interface Row extends Pick<Quarantined, 'id' | 'at' | 'reason' | 'gateway' | 'count'> {
  raw: Buffer;
  keyId: string | null;
}

type Size = Record<'rows' | 'bytes', number>;

/** Keeps what was never accepted, as received. The caller runs every change in a transaction. */
export class Quarantine {
  readonly #file: Pick<InboxFile, 'keyring' | 'digestKey'>;
  readonly #now: () => number;
  readonly #sql: ReturnType<typeof prepare>;
  #sizes = new Map<string, Size>();
  #evicted = 0;

  constructor(file: Omit<InboxFile, 'close'>, now: () => number) {
    this.#file = file;
    this.#now = now;
    this.#sql = prepare(file.db);
    this.undone();
  }

  /** The number of entries. */
  get rows(): number {
    return this.#total('rows');
  }

  /** How many entries were ever evicted. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Adds a part, or counts it when the same bytes are there already. Returns the id of its entry. */
  add({ reason, raw, gateway }: RejectedPart): number {
    const { keyring, digestKey } = this.#file;
    const plain = Buffer.from(raw);
    const digest = createHmac('sha256', digestKey).update(plain).digest();
    const known = this.#sql.again.get(this.#now(), gateway ?? null, digest) as number | undefined;
    if (known !== undefined) return known;
    const { bytes, keyId } = keyring.seals ? keyring.seal(plain, 'quarantine') : { bytes: plain, keyId: null };
    const id = Number(this.#sql.add.run(this.#now(), reason, digest, keyId, bytes, gateway ?? null).lastInsertRowid);
    this.#resize(reason, 1, bytes.length);
    this.#makeRoom('rows');
    this.#makeRoom('bytes');
    return id;
  }

  /** Evicts a few expired entries; returns whether there are more. */
  purge(): boolean {
    const expired = this.#sql.expired.all(this.#now() - quarantineLimits.days * day, maxRemovedPerStep) as number[];
    for (const id of expired) this.#evict(id);
    return expired.length === maxRemovedPerStep;
  }

  /** Returns the next entries: fewer than `limit` when they are large, none at the end. */
  list(after: number, limit: number): Quarantined[] {
    const found: Quarantined[] = [];
    let bytes = 0;
    for (const row of this.#sql.list.iterate(after, limit) as IterableIterator<Row>) {
      bytes += row.raw.length;
      if (found.length > 0 && bytes > maxListBytes) break;
      found.push(this.#read(row));
    }
    return found;
  }

  /** Returns false when the entry no longer exists. */
  remove(id: number): boolean {
    const removed = this.#sql.remove.get(id) as { reason: string; bytes: number } | undefined;
    if (removed) this.#resize(removed.reason, -1, -removed.bytes);
    return removed !== undefined;
  }

  /** Call after a rollback. */
  undone(): void {
    this.#sizes = new Map(
      (this.#sql.sizes.all() as Array<Size & { reason: string }>).map((size) => [size.reason, size]),
    );
    this.#evicted = (this.#sql.evicted.get() as number | undefined) ?? 0;
  }

  #read({ raw, keyId, ...entry }: Row): Quarantined {
    try {
      return { ...entry, raw: keyId === null ? raw : this.#file.keyring.open({ keyId, bytes: raw }, 'quarantine') };
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return { ...entry, unreadable: error.message };
    }
  }

  #total(unit: keyof Size): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size[unit], 0);
  }

  #resize(reason: string, rows: number, bytes: number): void {
    const size = this.#sizes.get(reason) ?? { rows: 0, bytes: 0 };
    this.#sizes.set(reason, { rows: size.rows + rows, bytes: size.bytes + bytes });
  }

  #evict(id: number): void {
    this.remove(id);
    this.#sql.setEvicted.run(++this.#evicted);
  }

  #makeRoom(unit: keyof Size): void {
    while (this.#total(unit) > quarantineLimits[unit]) {
      const [reason] = [...this.#sizes].reduce((one, other) => (other[1][unit] > one[1][unit] ? other : one));
      this.#evict(this.#sql.oldest.get(reason) as number);
    }
  }
}

function prepare(db: InboxFile['db']) {
  return {
    again: db
      .prepare(
        'UPDATE quarantine SET count = count + 1, at = ?, gateway = coalesce(?, gateway) WHERE digest = ? RETURNING id',
      )
      .pluck(),
    add: db.prepare(
      'INSERT INTO quarantine (at, reason, count, digest, key_id, raw, gateway) VALUES (?, ?, 1, ?, ?, ?, ?)',
    ),
    list: db.prepare(
      'SELECT id, at, reason, gateway, count, raw, key_id AS keyId FROM quarantine WHERE id > ? ORDER BY id LIMIT ?',
    ),
    oldest: db.prepare('SELECT id FROM quarantine WHERE reason = ? ORDER BY id LIMIT 1').pluck(),
    expired: db.prepare('SELECT id FROM quarantine WHERE at < ? LIMIT ?').pluck(),
    remove: db.prepare('DELETE FROM quarantine WHERE id = ? RETURNING reason, length(raw) AS bytes'),
    sizes: db.prepare('SELECT reason, count(*) AS rows, sum(length(raw)) AS bytes FROM quarantine GROUP BY reason'),
    evicted: db.prepare("SELECT value FROM settings WHERE name = 'quarantine_evicted'").pluck(),
    setEvicted: db.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES ('quarantine_evicted', ?)"),
  };
}
