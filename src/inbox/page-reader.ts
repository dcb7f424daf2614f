import { missingKeyRetryMs } from '../domain/waiting.js';
import type { Log } from '../log/log.js';
import type { Entry, PageRequest } from './entries.js';
import type { Inbox } from './inbox.js';
import { describe } from './outage.js';
import { maxReturns, type OpenEntry, type Task } from './task-queue.js';

/** A little less than the interval of the stuck timer, so that each tick finds the entries due. */
const unreadableRetryMs = missingKeyRetryMs - 10_000;

interface PageReaderOptions {
  inbox: Pick<Inbox, 'page' | 'stuck'>;
  log: Log;
  onRead: (tasks: Task[]) => void;
}

/** Reads the entries of the inbox in order, a page at a time: those that wait and, in turn, stuck ones that are due. */
export function createPageReader({ inbox, log, onRead }: PageReaderOptions) {
  const held = new Map<number, OpenEntry>();
  let reading = false;
  let mayHaveMore = true;
  let readUpTo = 0;
  /** Every second page may be of stuck entries: so neither they nor new ones wait behind the others. */
  let isStuckTurn = false;
  /** Where the reading of stuck entries continues; undefined when it is done. */
  let stuck: Extract<PageRequest, { stuck: true }> | undefined;

  async function readPage(request: PageRequest): Promise<void> {
    const { entries, more } = await inbox.page(request);
    const last = entries.at(-1);
    if (request.stuck) stuck = more && last ? { ...request, after: [last.retryAtMs ?? 0, last.seq] } : undefined;
    else {
      mayHaveMore ||= more;
      readUpTo = last?.seq ?? readUpTo;
    }
    reading = false;
    onRead(withoutUnreadable(entries).flatMap((entry) => tasksOf(entry, request.stuck)));
  }

  function tasksOf({ seq, lines }: Entry, isStuck: boolean): Task[] {
    if (held.has(seq)) return [];
    const all = lines.split('\n');
    const entry: OpenEntry = { seq, messages: all.length, open: all.length, apart: [] };
    held.set(seq, entry);
    return all.map((line) => ({ entry, line, returns: isStuck ? maxReturns : 0 }));
  }

  /** Marks unreadable entries as stuck, to be retried within a minute, and returns the others. */
  function withoutUnreadable(page: readonly Entry[]): Entry[] {
    const unreadable = page.filter((entry) => entry.unreadable !== undefined);
    for (const { seq, unreadable: reason = '' } of unreadable)
      inbox.stuck(seq, { reason, retryAtMs: Date.now() + unreadableRetryMs });
    const [first] = unreadable;
    if (first)
      log.error(
        { event: 'message.unopened', entries: unreadable.length, error: first.unreadable },
        `${unreadable.length} entry(ies) of the inbox can't be read: they are kept and retried in a minute`,
      );
    return page.filter((entry) => entry.unreadable === undefined);
  }

  return {
    /** Reads the next page, unless one is being read or there is none. */
    read({ stuckToo }: { stuckToo: boolean }): void {
      const waiting = mayHaveMore ? ({ stuck: false, after: readUpTo } as const) : undefined;
      const request = stuckToo && (isStuckTurn || !waiting) ? (stuck ?? waiting) : waiting;
      if (reading || !request) return;
      reading = true;
      isStuckTurn = !request.stuck;
      if (!request.stuck) mayHaveMore = false;
      readPage(request).catch((error: unknown) => {
        reading = false;
        mayHaveMore ||= !request.stuck;
        log.error({ event: 'inbox.failed', error: describe(error) }, 'The inbox could not read waiting messages');
      });
    },
    expectMore: () => void (mayHaveMore = true),
    /** Looks for stuck entries that are due, when there are any. */
    expectStuck(messages: number): void {
      if (messages > 0) stuck ??= { stuck: true, after: [0, 0], dueAtMs: Date.now() };
    },
    isIdle: () => !reading && !mayHaveMore,
    held: () => held.values(),
    release: ({ seq }: OpenEntry) => void held.delete(seq),
  };
}

export type PageReader = ReturnType<typeof createPageReader>;
