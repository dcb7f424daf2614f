import { NotAcceptedError, type Post } from '../domain/intake.js';
import type { Log } from '../log/log.js';
import type { Additions, Change } from './database.js';
import { type InboxThread, OperationError } from './inbox-thread.js';
import { toLines } from './lines.js';

/**
 * The maximum of what waits for a commit: the messages, including rejected ones, the receipts, and their characters. A
 * post above it is refused at once.
 */
const maxUncommitted = { messages: 10_000, characters: 67_108_864 };

/** How long a note of the forwarder waits for the commit of a post to join, in milliseconds. */
const noteDelayMs = 50;

/**
 * The maximum number of notes of each kind in a commit. Many gather while a disk is full, and one commit of all of them
 * would need much room, and hold up posts.
 */
const maxNotes = 500;

/** How often a disk that failed is checked again, in milliseconds. */
const recoveryMs = 1_000;

export interface CommitterOptions {
  thread: Pick<InboxThread, 'run' | 'isBroken'>;
  log: Log;
  /** How long a post may wait for its commit, in milliseconds. */
  deadlineMs: number;
  /** Called after each commit with the place of its first entry. */
  onCommitted: (change: Change, firstSeq: number) => void;
}

type Gathered = { [Key in keyof Change]: Array<Change[Key][number]> };

/** How many messages, including rejected ones, and receipts, and how long they are together. */
type Size = Record<keyof typeof maxUncommitted, number>;

/** What one commit changes, and the posts that wait for it. */
interface Batch {
  change: Gathered;
  size: Size;
  /** `sinceMs` is on the clock of `performance.now()`. */
  waiters: Array<{ sinceMs: number; resolve: () => void; reject: (error: Error) => void }>;
}

const emptyBatch = (): Batch => ({
  change: { entries: [], counts: [], rejected: [], forwarded: [], stuck: [] },
  size: { messages: 0, characters: 0 },
  waiters: [],
});

/** Returns what a post adds to the inbox. */
export function additionsOf(post: Post): Additions {
  const rejected = post.rejected.map(({ reason, raw }) => ({ reason, raw, gateway: post.gateway }));
  const count = countOf(post);
  return count === 0 ? { entries: [], counts: [], rejected } : { entries: [toLines(post)], counts: [count], rejected };
}

const countOf = ({ messages, receipts = [], handSent = [] }: Post): number =>
  messages.length + receipts.length + handSent.length;

function sizeOf(post: Post, { entries }: Additions): Size {
  const characters = (entries[0]?.length ?? 0) + post.rejected.reduce((sum, { raw }) => sum + raw.length, 0);
  return { messages: countOf(post) + post.rejected.length, characters };
}

function addSize(sum: Size, { messages, characters }: Size, sign: 1 | -1 = 1): void {
  sum.messages += sign * messages;
  sum.characters += sign * characters;
}

/** Commits posts and notes. Everything that waits when the thread becomes free goes into one commit. */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #timers: NodeJS.Timeout[];
  #gathering = emptyBatch();
  #committing: (Batch & { beganMs: number }) | undefined;
  #scheduled = false;
  #noted: NodeJS.Timeout | undefined;
  #failing = false;
  /** What waits for a commit. */
  readonly #uncommitted: Size = { messages: 0, characters: 0 };

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#timers = [
      setInterval(() => this.#rejectLate(), options.deadlineMs / 20),
      // An empty commit checks whether the disk works again.
      setInterval(() => this.#failing && !options.thread.isBroken() && this.#commit(), recoveryMs),
    ];
  }

  accept(post: Post): Promise<void> {
    if (this.#options.thread.isBroken()) return Promise.reject(new NotAcceptedError('the inbox is broken'));
    const additions = additionsOf(post);
    const size = sizeOf(post, additions);
    const { messages, characters } = this.#uncommitted;
    if (messages + size.messages > maxUncommitted.messages || characters + size.characters > maxUncommitted.characters)
      return Promise.reject(new NotAcceptedError(`${messages} messages already wait for a commit`));
    if (size.messages === 0) return Promise.resolve();
    const { change, waiters } = this.#gathering;
    change.entries.push(...additions.entries);
    change.counts.push(...additions.counts);
    change.rejected.push(...additions.rejected);
    addSize(this.#gathering.size, size);
    addSize(this.#uncommitted, size);
    this.#schedule();
    return new Promise((resolve, reject) => waiters.push({ sinceMs: performance.now(), resolve, reject }));
  }

  /** Adds notes of the forwarder; they are committed soon. */
  note(add: (change: Gathered) => void): void {
    add(this.#gathering.change);
    this.#noted ??= setTimeout(() => {
      this.#noted = undefined;
      this.#schedule();
    }, noteDelayMs);
  }

  /** Returns undefined when a post could be committed now, else the reason. */
  ready(): string | undefined {
    const { thread, deadlineMs } = this.#options;
    if (thread.isBroken() || this.#failing) return 'the inbox cannot commit';
    const isLate = this.#committing !== undefined && performance.now() - this.#committing.beganMs > deadlineMs;
    return isLate ? 'the inbox cannot commit in time' : undefined;
  }

  /** Commits what waits. */
  async close(): Promise<void> {
    for (const timer of [...this.#timers, this.#noted]) clearInterval(timer);
    while (!this.#options.thread.isBroken() && (this.#committing || this.#isWorthCommitting())) {
      this.#schedule();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** After a failure, notes alone don't cause a commit: otherwise a full disk would be retried without a pause. */
  #isWorthCommitting(): boolean {
    const { change, size, waiters } = this.#gathering;
    return waiters.length > 0 || (!this.#failing && size.messages + change.forwarded.length + change.stuck.length > 0);
  }

  #schedule(): void {
    if (this.#scheduled || this.#committing) return;
    this.#scheduled = true;
    // After this turn of the event loop, so that all requests of the turn share the commit, and responses go first.
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#isWorthCommitting()) this.#commit();
    });
  }

  #commit(): void {
    if (this.#committing) return;
    const batch = { ...this.#gathering, beganMs: performance.now() };
    this.#committing = batch;
    this.#gathering = emptyBatch();
    this.#gathering.change.forwarded = batch.change.forwarded.splice(maxNotes);
    this.#gathering.change.stuck = batch.change.stuck.splice(maxNotes);
    const end = () => {
      this.#committing = undefined;
      addSize(this.#uncommitted, batch.size, -1);
    };
    this.#options.thread
      .run('commit', batch.change)
      .then(
        (firstSeq) => (end(), this.#succeed(batch, firstSeq)),
        (error: unknown) => (end(), this.#refuse(batch, error)),
      )
      .finally(() => this.#isWorthCommitting() && this.#schedule());
  }

  #succeed({ change, waiters }: Batch, firstSeq: number): void {
    if (this.#failing) this.#options.log.info({ event: 'inbox.recovered' }, 'The inbox commits again');
    this.#failing = false;
    for (const { resolve } of waiters) resolve();
    this.#options.onCommitted(change, firstSeq);
  }

  #refuse({ change, waiters }: Batch, error: unknown): void {
    const code = error instanceof OperationError ? error.code : undefined;
    const reason = code === undefined ? 'the inbox is broken' : `the inbox cannot commit (${code})`;
    for (const { reject } of waiters) reject(new NotAcceptedError(reason));
    if (code === undefined) return;
    if (!this.#failing)
      this.#options.log.error({ event: 'inbox.failed', code }, `The inbox cannot commit: ${(error as Error).message}`);
    this.#failing = true;
    // Notes are still true.
    const { change: next } = this.#gathering;
    next.forwarded = change.forwarded.concat(next.forwarded);
    next.stuck = change.stuck.concat(next.stuck);
  }

  /**
   * Rejects posts that waited too long. Their messages stay in the commit; when the gateway posts them again, Temporal
   * finds that they are duplicates.
   */
  #rejectLate(): void {
    const error = new NotAcceptedError('the inbox did not commit in time');
    // Read once: a waiter that became late between two readings would be dropped without a response.
    const lateBeforeMs = performance.now() - this.#options.deadlineMs;
    const isLate = ({ sinceMs }: { sinceMs: number }) => sinceMs < lateBeforeMs;
    for (const batch of [this.#committing, this.#gathering]) {
      if (!batch) continue;
      for (const { reject } of batch.waiters.filter(isLate)) reject(error);
      batch.waiters = batch.waiters.filter((waiter) => !isLate(waiter));
    }
  }
}
