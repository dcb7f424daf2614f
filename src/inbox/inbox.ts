import type { Intake, Post } from '../domain/intake.js';
import type { SenderToErase } from '../domain/sender.js';
import { commitDeadlineMs } from '../domain/waiting.js';
import type { Log } from '../log/log.js';
import type { PayloadKey } from '../secrets/keyring.js';
import { additionsOf, Committer } from './committer.js';
import type { InboxStatus } from './database.js';
import type { Apart, EntryPage, PageRequest, Retry, StuckEntry } from './entries.js';
import { type Erased, eraseAll } from './erasure.js';
import { watchFreeSpace } from './free-space.js';
import { startInboxThread } from './inbox-thread.js';
import type { Quarantined } from './quarantine.js';
import type { InboxUnusableError } from './schema.js';

export interface InboxOptions {
  dataDir: string;
  log: Log;
  /** Called after a disk error that leaves the content of the file in doubt: the process must end. */
  onBroken: (error: InboxUnusableError) => void;
  /** How long a post may wait for its commit, in milliseconds. Default: `commitDeadlineMs`. */
  deadlineMs?: number;
  /** NORMAL is only for the power-cut test, whose control must lose messages. */
  synchronous?: 'FULL' | 'NORMAL';
  /** The first key seals texts and numbers; default: none. */
  payloadKeys?: readonly PayloadKey[];
  /** The compiled thread.js; default: beside this file. */
  threadUrl?: URL;
}

/** The entries of one commit: the messages of each, and the place of the first one. The others follow. */
export interface Accepted {
  firstSeq: number;
  entries: readonly string[];
}

/** The durable queue of posts that Temporal doesn't have yet, and the quarantine. */
export interface Inbox extends Intake {
  /** Returns the next entries that wait, or the next stuck ones that are due. */
  page(request: PageRequest): Promise<EntryPage>;
  /**
   * Notes that the messages of an entry have workflows; the next commit erases them.
   *
   * @param apart those that failed: each becomes a stuck entry of its own
   */
  forwarded(seq: number, apart?: readonly Apart[]): void;
  /** Notes that an entry is stuck. */
  stuck(seq: number, retry: Retry): void;
  /** Returns the next stuck entries, oldest first; an empty array means the end. */
  listStuck(after: number): Promise<StuckEntry[]>;
  /** Makes all stuck entries due. */
  retryStuck(): Promise<void>;
  /** Registers a listener that is called after each commit with new messages. */
  onAccepted(listener: (accepted: Accepted) => void): void;
  /**
   * Erases the waiting messages and the quarantined parts of a sender.
   *
   * @param onErased called after each step that erased messages
   * @throws {InboxUnusableError} when the disk failed halfway: call it again to continue
   */
  erase(sender: SenderToErase, onErased: () => Promise<void>): Promise<Erased>;
  /** Returns the next quarantine entries, unsealed; an empty array means the end. */
  quarantined(after: number, limit: number): Promise<Quarantined[]>;
  /**
   * Accepts what was read from a quarantine entry; the same commit removes the entry.
   *
   * @returns the ids of the entries that hold what is still invalid; undefined when the entry no longer exists
   */
  requeue(id: number, post: Post): Promise<number[] | undefined>;
  status(): InboxStatus;
  /** Free space on its disk, at most a second old; undefined when the disk doesn't report it. */
  freeBytes(): number | undefined;
  /** Commits the remaining notes and closes the file. */
  close(): Promise<void>;
}

/**
 * Opens the inbox. Its file is used in a thread, so that the api can still answer 503 when the disk hangs.
 *
 * @throws {InboxUnusableError} when the file can't be opened
 */
export async function openInbox({
  dataDir,
  log,
  onBroken,
  deadlineMs = commitDeadlineMs,
  synchronous = 'FULL',
  payloadKeys = [],
  threadUrl = new URL('./thread.js', import.meta.url),
}: InboxOptions): Promise<Inbox> {
  const thread = await startInboxThread(threadUrl, { dataDir, synchronous, payloadKeys }, onBroken);
  const space = watchFreeSpace(dataDir);
  const listeners: Array<(accepted: Accepted) => void> = [];
  const onAccepted = (accepted: Accepted) => listeners.forEach((listener) => listener(accepted));
  const logEvictions = createEvictionLog(log, thread.status);
  const committer = new Committer({
    thread,
    log,
    deadlineMs,
    onCommitted({ entries }, firstSeq) {
      logEvictions();
      if (entries.length > 0) onAccepted({ firstSeq, entries });
    },
  });

  return {
    keepsRejected: true,
    accept: (post) => committer.accept(post),
    ready: () =>
      committer.ready() ?? (space.isEnough() ? undefined : 'less than 64 MB are free on the disk of DATA_DIR'),
    page: (request) => thread.run('page', request),
    forwarded: (seq, apart = []) => committer.note((change) => change.forwarded.push({ seq, apart })),
    listStuck: (after) => thread.run('listStuck', { after }),
    retryStuck: () => thread.run('retryStuck', undefined),
    stuck: (seq, retry) => committer.note((change) => change.stuck.push({ seq, ...retry })),
    onAccepted: (listener) => void listeners.push(listener),
    erase: (sender, onErased) =>
      eraseAll(async (cursor) => {
        const step = await thread.run('erase', { sender, cursor });
        if (step.guids.length > 0) await onErased();
        return step;
      }),
    quarantined: (after, limit) => thread.run('quarantined', { after, limit }),
    async requeue(id, post) {
      const left = await thread.run('requeue', { id, ...additionsOf(post) });
      if (left) onAccepted({ firstSeq: 0, entries: [] });
      return left;
    },
    status: thread.status,
    freeBytes: space.freeBytes,
    async close() {
      space.stop();
      await committer.close();
      await thread.close();
    },
  };
}

/** Creates a function that logs how many quarantine entries were evicted since its last call. */
function createEvictionLog(log: Log, status: () => InboxStatus): () => void {
  let { evicted: known } = status();
  return () => {
    const { evicted } = status();
    if (evicted > known)
      log.warn(
        { event: 'quarantine.evicted', entries: evicted - known },
        `${evicted - known} quarantine entry(ies) were removed to make room, or because they were too old`,
      );
    known = evicted;
  };
}
