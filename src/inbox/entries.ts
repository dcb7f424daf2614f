import { stuckRetryMs } from '../domain/waiting.js';
import { UnreadableError } from '../secrets/keyring.js';
import { idIn, linesFrom } from './lines.js';
import type { InboxFile } from './schema.js';

/** What one post brought, as it waits in the inbox. */
export interface Entry {
  /** Its place in the order of acceptance. */
  seq: number;
  /** When a stuck entry is due, in Unix milliseconds. */
  retryAtMs: number | null;
  /** The messages and receipts, one line of JSON each; empty when they can't be read. */
  lines: string;
  /** Why the messages can't be read. */
  unreadable?: string;
}

/** When and why a message is tried again. */
export interface Retry {
  reason: string;
  /** In Unix milliseconds. */
  retryAtMs: number;
}

/** A message that failed while others of its entry were forwarded. It becomes a stuck entry of its own. */
export interface Apart extends Retry {
  line: string;
}

/** Which entries to read: those that wait, or the stuck ones that were due at a time, each after a position. */
export type PageRequest = { stuck: false; after: number } | { stuck: true; after: [number, number]; dueAtMs: number };

export interface EntryPage {
  entries: Entry[];
  /** Whether there may be more. */
  more: boolean;
}

/** An entry that is stuck. Only an unreadable one has several messages. */
export interface StuckEntry extends Retry {
  seq: number;
  /** When it was accepted, in Unix milliseconds. */
  at: number;
  messages: number;
  /** The id of its message, or the mark of its receipt; absent when it can't be read. */
  id?: string;
}

/** The result of one step of an erasure. */
export interface EntriesErased {
  /** The ids of the messages that were erased. */
  ids: string[];
  /** The number of entries that can't be read. */
  unreadable: number;
  /** The entry after which the next step continues; undefined at the end. */
  next: number | undefined;
}

/** Limits of one read, so that it delays acknowledgements by less than 5 ms. A larger entry is read alone. */
const maxRead = { entries: 100, bytes: 65_536 };

interface Row {
  seq: number;
  at: number;
  messages: number;
  retryAtMs: number | null;
  reason: string | null;
  keyId: string | null;
  body: string | Buffer;
}

/** The table of entries. The caller runs every change in a transaction. */
export class Entries {
  readonly #keyring: InboxFile['keyring'];
  readonly #now: () => number;
  readonly #sql: ReturnType<typeof prepare>;
  #counts: Counts;
  #committed: Counts;
  /** All entries before this one are stuck. `oldestAtMs` runs at each commit; this lets it skip them. */
  #oldest = { seq: 0, at: Infinity };

  constructor({ db, keyring }: Pick<InboxFile, 'db' | 'keyring'>, now: () => number) {
    this.#keyring = keyring;
    this.#now = now;
    this.#sql = prepare(db);
    this.#counts = this.#sql.counts.get() as Counts;
    this.#committed = { ...this.#counts };
  }

  /** The number of messages, including stuck ones. */
  get depth(): number {
    return this.#counts.depth;
  }

  get stuck(): number {
    return this.#counts.stuck;
  }

  get lastSeq(): number {
    return this.#counts.lastSeq;
  }

  /** Appends an entry with this number of messages. */
  add(lines: string, messages: number, atMs = this.#now(), retry?: Retry): void {
    const retryAtMs = retry?.retryAtMs ?? null;
    const { keyId, bytes } = this.#seal(lines);
    this.#sql.add.run(++this.#counts.lastSeq, atMs, messages, retryAtMs, retry?.reason ?? null, keyId, bytes);
    this.#count(messages, retryAtMs);
  }

  /** Removes an entry whose messages are forwarded, but for some that become entries of their own. */
  forwarded(seq: number, apart: readonly Apart[] = []): void {
    const removed = this.#sql.remove.get(seq) as Counted & { at: number };
    if (!removed) return;
    this.#count(-removed.messages, removed.retryAtMs);
    for (const { line, ...retry } of apart) this.add(line, 1, removed.at, retry);
  }

  setStuck(seq: number, { reason, retryAtMs }: Retry): void {
    const found = this.#sql.find.get(seq) as Counted;
    this.#sql.setStuck.run(retryAtMs, reason, seq);
    if (found?.retryAtMs === null) this.#counts.stuck += found.messages;
  }

  /** Returns the next stuck entries, oldest first; an empty array means the end. */
  listStuck(after: number): StuckEntry[] {
    return (this.#sql.stuck.all(after) as Row[]).map((row) => {
      const { seq, at, messages, retryAtMs, reason } = row;
      const { lines, unreadable } = this.#open(row);
      const id = lines === '' ? {} : { id: idIn(lines) };
      return { seq, at, messages, retryAtMs: retryAtMs ?? 0, reason: unreadable ?? reason ?? '', ...id };
    });
  }

  /** Makes all stuck entries due. */
  retryStuck(): void {
    this.#sql.correctRetries.run(this.#now(), this.#now());
  }

  /** Makes stuck entries due whose time is further away than any retry: the clock was ahead when they got it. */
  correctRetries(): void {
    this.#sql.correctRetries.run(this.#now(), this.#now() + stuckRetryMs);
  }

  /** Returns the next entries, oldest first. */
  page(request: PageRequest): EntryPage {
    const { waiting, due } = this.#sql;
    return this.#read(request.stuck ? due.iterate(...request.after, request.dueAtMs) : waiting.iterate(request.after));
  }

  /** Erases the messages of a sender from the next entries. */
  erase(sender: string, after: number): EntriesErased {
    const { entries, more } = this.#read(this.#sql.all.iterate(after));
    const isFromSender = linesFrom(sender);
    return {
      ids: entries.flatMap((entry) => (isFromSender(entry.lines) ? this.#eraseLines(entry, isFromSender) : [])),
      unreadable: entries.filter(({ unreadable }) => unreadable !== undefined).length,
      next: more ? entries.at(-1)?.seq : undefined,
    };
  }

  /**
   * When the oldest entry that isn't stuck was accepted, in Unix milliseconds; null without one. An entry from a time
   * when the clock was ahead counts from now.
   */
  oldestAtMs(): number | null {
    const found = this.#sql.oldest.get(this.#oldest.seq) as { seq: number; at: number } | undefined;
    if (!found) {
      this.#oldest = { seq: this.#counts.lastSeq + 1, at: Infinity };
      return null;
    }
    const at = found.seq === this.#oldest.seq ? this.#oldest.at : Infinity;
    this.#oldest = { seq: found.seq, at: Math.min(at, found.at, this.#now()) };
    return this.#oldest.at;
  }

  committed(): void {
    this.#committed = { ...this.#counts };
  }

  undone(): void {
    this.#counts = { ...this.#committed };
  }

  #count(messages: number, retryAtMs: number | null): void {
    this.#counts.depth += messages;
    if (retryAtMs !== null) this.#counts.stuck += messages;
  }

  #seal(lines: string): { keyId: string | null; bytes: Uint8Array | string } {
    return this.#keyring.seals ? this.#keyring.seal(lines, 'inbox') : { keyId: null, bytes: lines };
  }

  #read(rows: IterableIterator<unknown>): EntryPage {
    const entries: Entry[] = [];
    let bytes = 0;
    for (const row of rows as IterableIterator<Row>) {
      bytes += row.body.length;
      if (entries.length === maxRead.entries || (entries.length > 0 && bytes > maxRead.bytes))
        return { entries, more: true };
      entries.push(this.#open(row));
    }
    return { entries, more: false };
  }

  #open({ seq, retryAtMs, keyId, body }: Row): Entry {
    try {
      const lines = keyId === null ? body : this.#keyring.open({ keyId, bytes: body as Buffer }, 'inbox');
      return { seq, retryAtMs, lines: lines.toString() };
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return { seq, retryAtMs, lines: '', unreadable: error.message };
    }
  }

  /** Returns the ids of the erased messages. */
  #eraseLines({ seq, retryAtMs, lines }: Entry, isErased: (line: string) => boolean): string[] {
    const all = lines.split('\n');
    const kept = all.filter((line) => !isErased(line));
    if (kept.length === 0) this.forwarded(seq);
    else {
      const { keyId, bytes } = this.#seal(kept.join('\n'));
      this.#sql.setBody.run(kept.length, keyId, bytes, seq);
      this.#count(kept.length - all.length, retryAtMs);
    }
    return all.filter(isErased).map(idIn);
  }
}

type Counts = Record<'depth' | 'stuck' | 'lastSeq', number>;
type Counted = { messages: number; retryAtMs: number | null } | undefined;

function prepare(db: InboxFile['db']) {
  const select =
    'SELECT seq, at, messages, retry_at AS retryAtMs, stuck_reason AS reason, key_id AS keyId, body FROM entries WHERE';
  return {
    add: db.prepare(
      'INSERT INTO entries (seq, at, messages, retry_at, stuck_reason, key_id, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    remove: db.prepare('DELETE FROM entries WHERE seq = ? RETURNING at, messages, retry_at AS retryAtMs'),
    find: db.prepare('SELECT messages, retry_at AS retryAtMs FROM entries WHERE seq = ?'),
    setStuck: db.prepare('UPDATE entries SET retry_at = ?, stuck_reason = ? WHERE seq = ?'),
    setBody: db.prepare('UPDATE entries SET messages = ?, key_id = ?, body = ? WHERE seq = ?'),
    correctRetries: db.prepare('UPDATE entries SET retry_at = ? WHERE retry_at > ?'),
    waiting: db.prepare(`${select} seq > ? AND retry_at IS NULL ORDER BY seq`),
    due: db.prepare(`${select} (retry_at, seq) > (?, ?) AND retry_at <= ? ORDER BY retry_at, seq`),
    all: db.prepare(`${select} seq > ? ORDER BY seq`),
    stuck: db.prepare(`${select} seq > ? AND retry_at IS NOT NULL ORDER BY seq LIMIT 50`),
    oldest: db.prepare('SELECT seq, at FROM entries WHERE seq >= ? AND retry_at IS NULL ORDER BY seq LIMIT 1'),
    counts: db.prepare(
      `SELECT coalesce(sum(messages), 0) AS depth, coalesce(max(seq), 0) AS lastSeq,
       coalesce(sum(messages) FILTER (WHERE retry_at NOT NULL), 0) AS stuck FROM entries`,
    ),
  };
}
