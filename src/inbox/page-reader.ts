import { stuckRetryMs } from '../domain/waiting.js';
import type { Log } from '../log/log.js';
import type { Entry, PageRequest } from './entries.js';
import type { Accepted, Inbox } from './inbox.js';
import { describe } from './outage.js';
import type { OpenEntry, Task } from './task-queue.js';

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
  /** Entries that were opened before their turn, and where reading has not arrived yet. */
  const early = new Set<number>();

  async function readPage(request: PageRequest): Promise<void> {
    const { entries, more } = await inbox.page(request);
    const last = entries.at(-1);
    const unopened = request.stuck ? entries : entries.filter(({ seq }) => !early.has(seq));
    if (request.stuck) stuck = more && last ? { ...request, after: [last.retryAtMs ?? 0, last.seq] } : undefined;
    else {
      mayHaveMore ||= more;
      readUpTo = last?.seq ?? readUpTo;
      for (const seq of early) {
        if (seq > readUpTo) break;
        early.delete(seq);
      }
    }
    reading = false;
    onRead(withoutUnreadable(unopened, { inbox, log }).flatMap((entry) => tasksOf(entry, request.stuck)));
  }

  function tasksOf({ seq, lines }: Pick<Entry, 'seq' | 'lines'>, isStuck: boolean): Task[] {
    if (held.has(seq)) return [];
    const all = lines.split('\n');
    const entry: OpenEntry = { seq, messages: all.length, open: all.length, apart: [] };
    held.set(seq, entry);
    return all.map((line) => ({ entry, line, isStuck, failures: 0, successesBefore: 0, failuresAlone: 0 }));
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
    /** Whether entries wait that aren't read yet. */
    isBehind: () => mayHaveMore && !reading,
    /** Opens entries that were accepted just now, before their turn. */
    open: ({ firstSeq, entries }: Accepted): Task[] =>
      entries.flatMap((lines, index) => {
        early.add(firstSeq + index);
        return tasksOf({ seq: firstSeq + index, lines }, false);
      }),
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

/** Marks unreadable entries as stuck, and returns the others. Logs only what wasn't stuck before. */
function withoutUnreadable(page: readonly Entry[], { inbox, log }: Pick<PageReaderOptions, 'inbox' | 'log'>): Entry[] {
  const unreadable = page.filter((entry) => entry.unreadable !== undefined);
  for (const { seq, unreadable: reason = '' } of unreadable)
    inbox.stuck(seq, { reason, retryAtMs: Date.now() + stuckRetryMs });
  const found = unreadable.filter(({ retryAtMs }) => retryAtMs === null);
  const [first] = found;
  if (first)
    log.error(
      { event: 'message.unopened', entries: found.length, error: first.unreadable },
      `${found.length} entry(ies) of the inbox can't be read: they are kept as stuck and retried every 30 s`,
    );
  return page.filter((entry) => entry.unreadable === undefined);
}
