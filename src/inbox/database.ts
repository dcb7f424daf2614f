import type { SenderToErase } from '../domain/sender.js';
import { type Apart, Entries, type EntryPage, type PageRequest, type Retry, type StuckEntry } from './entries.js';
import { eraseStep, type ErasureCursor, type ErasureStep } from './erasure.js';
import { Quarantine, type Quarantined, type RejectedPart } from './quarantine.js';
import type { InboxFile } from './schema.js';

/** What posts add in one commit. */
export interface Additions {
  /** The messages of each post, one line of JSON each, and how many they are. Two arrays are quicker to hand over. */
  entries: readonly string[];
  counts: readonly number[];
  rejected: readonly RejectedPart[];
}

/** The changes of one commit: what posts add, and the notes of the forwarder. */
export interface Change extends Additions {
  /** Entries whose messages have workflows, and those of their messages that don't have one. */
  forwarded: ReadonlyArray<{ seq: number; apart: readonly Apart[] }>;
  stuck: ReadonlyArray<Retry & { seq: number }>;
}

export interface InboxStatus {
  /** The number of accepted messages that wait, including stuck ones. */
  depth: number;
  stuck: number;
  /** When the oldest message that isn't stuck was accepted, in Unix milliseconds. */
  oldestAtMs: number | null;
  /** The number of quarantine entries. */
  quarantined: number;
  /** How many quarantine entries were ever removed to make room, or because they were too old. */
  evicted: number;
}

/**
 * The operations on the inbox. Synchronous: it runs in its own thread. Each change is a transaction: when it returns,
 * all of it is on disk; when it throws an error of SQLite, nothing is.
 */
export class InboxDatabase {
  readonly #db: InboxFile['db'];
  readonly #now: () => number;
  readonly #entries: Entries;
  readonly #quarantine: Quarantine;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(file: InboxFile, now: () => number = Date.now) {
    this.#db = file.db;
    this.#now = now;
    this.#entries = new Entries(file, now);
    this.#quarantine = new Quarantine(file, now);
    this.#sql = prepare(file.db);
  }

  /**
   * Commits a change. An empty change is written, too: it checks that the disk accepts writes.
   *
   * @returns the place of the first entry that was added; the others follow
   */
  commit(change: Change): number {
    return this.#transaction(() => {
      const firstSeq = this.#entries.lastSeq + 1;
      if (Object.values(change).every(({ length }: { length: number }) => length === 0))
        this.#sql.probe.run(this.#now());
      this.#add(change);
      for (const { seq, apart } of change.forwarded) this.#entries.forwarded(seq, apart);
      for (const { seq, ...retry } of change.stuck) this.#entries.setStuck(seq, retry);
      return firstSeq;
    });
  }

  page(request: PageRequest): EntryPage {
    return this.#entries.page(request);
  }

  listStuck({ after }: { after: number }): StuckEntry[] {
    return this.#entries.listStuck(after);
  }

  retryStuck(): void {
    this.#transaction(() => this.#entries.retryStuck());
  }

  quarantined({ after, limit }: { after: number; limit: number }): Quarantined[] {
    return this.#quarantine.list(after, limit);
  }

  /**
   * Removes a quarantine entry and adds what was read from it.
   *
   * @returns the ids of the entries that hold what is still invalid; undefined when the entry no longer exists
   */
  requeue({ id, ...additions }: Additions & { id: number }): number[] | undefined {
    return this.#transaction(() => (this.#quarantine.remove(id) ? [...new Set(this.#add(additions))] : undefined));
  }

  /** Runs one small step of an erasure. */
  erase({ sender, cursor }: { sender: SenderToErase; cursor: ErasureCursor }): ErasureStep {
    return this.#transaction(() => eraseStep(sender, cursor, this.#entries, this.#quarantine));
  }

  /** Runs one small step of what is due now and then; returns whether there is more. */
  tidy(): boolean {
    return this.#transaction(() => {
      this.#entries.correctRetries();
      return this.#quarantine.purge();
    });
  }

  status(): InboxStatus {
    const { depth, stuck } = this.#entries;
    const { rows: quarantined, evicted } = this.#quarantine;
    return { depth, stuck, oldestAtMs: this.#entries.oldestAtMs(), quarantined, evicted };
  }

  /** The number of pages in the write-ahead log that are not copied into the database file. */
  pagesInLog(): number {
    const { log, checkpointed } = this.#sql.log.get() as { log: number; checkpointed: number };
    return log - checkpointed;
  }

  /** Copies the write-ahead log into the database file, as far as readers allow. */
  checkpoint(): void {
    this.#db.pragma('wal_checkpoint(PASSIVE)');
  }

  /** Empties the write-ahead log. Returns false, without a change, while another program reads the file. */
  emptyLog(): boolean {
    this.#db.pragma('busy_timeout = 0');
    try {
      return this.#db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0;
    } finally {
      this.#db.pragma('busy_timeout = 5000');
    }
  }

  /** Returns the ids of the quarantine entries. */
  #add({ entries, counts, rejected }: Additions): number[] {
    entries.forEach((lines, index) => this.#entries.add(lines, counts[index] as number));
    return rejected.map((part) => this.#quarantine.add(part));
  }

  #transaction<Result>(work: () => Result): Result {
    this.#sql.begin.run();
    try {
      const result = work();
      this.#sql.commit.run();
      this.#entries.committed();
      return result;
    } catch (error) {
      if (this.#db.inTransaction) this.#sql.rollback.run();
      this.#entries.undone();
      // Last, because it reads the file, and the disk may have failed.
      this.#quarantine.undone();
      throw error;
    }
  }
}

function prepare(db: InboxFile['db']) {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    probe: db.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES ('probed_at', ?)"),
    // Only counts: it copies nothing.
    log: db.prepare('PRAGMA wal_checkpoint(NOOP)'),
  };
}
