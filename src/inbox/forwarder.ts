import type { Log } from '../log.js';
import type { InboundMessage } from '../message.js';
import type { PendingMessage } from './waiting.js';
import type { Inbox } from './inbox.js';

export interface ForwarderSettings {
  inbox: Pick<Inbox, 'page' | 'forwarded' | 'stuck' | 'onAccepted' | 'status'>;
  /** Starts a message's workflow, or finds that it exists. */
  startWorkflow: (message: InboundMessage) => Promise<unknown>;
  /** Whether a failed start says that Temporal will never take this message; any other failure waits. */
  isRefusal: (error: unknown) => boolean;
  log: Log;
  /** How many starts run at once. */
  concurrency?: number;
}

export interface Forwarder {
  /** Whether the last start found that Temporal does not answer. */
  isTemporalAway(): boolean;
  /** Forgets rows that were erased, and resolves once a start of one that was under way has ended. */
  forget(seqs: readonly number[]): Promise<void>;
  /** Forwards what is left for up to `drainMs`, unless Temporal is away, and says what stays. */
  stop(drainMs: number): Promise<void>;
}

/** Rows read at once; they are small, and the store's thread has acknowledgements to make. */
const pageRows = 200;

const firstPauseMs = 100;
const longestPauseMs = 5_000;
const stuckRetryMs = 3_600_000;
/** A little less than the time between two looks, or every second look would come too early. */
const unreadableRetryMs = 50_000;

/** Tried again in a minute; rows that nobody could read for want of a key may be many. */
const mostStuckAtOnce = 10_000;

/**
 * Moves messages from the inbox to Temporal, the oldest first. While Temporal is away one start at a time tries whether it is
 * back, at most every 5 s. A crash between a start and its note is harmless: the next start finds the workflow there.
 */
export function startForwarder({ inbox, startWorkflow, isRefusal, log, concurrency = 10 }: ForwarderSettings): Forwarder {
  const rows: PendingMessage[] = [];
  let readUpTo = 0;
  let mayHaveMore = true;
  let reading = false;
  const underWay = new Map<number, Promise<void>>();
  let pauseMs = 0;
  let paused: NodeJS.Timeout | undefined;
  let stopped = false;
  let onIdle: (() => void) | undefined;

  function pump(): void {
    if (stopped) return;
    while (!paused && rows.length > 0 && underWay.size < (pauseMs > 0 ? 1 : concurrency)) begin(rows.shift() as PendingMessage);
    if (rows.length === 0 && mayHaveMore && !reading) void read();
    if (isIdle()) onIdle?.();
  }

  const isIdle = () => rows.length + underWay.size === 0 && !mayHaveMore && !reading;

  async function read(): Promise<void> {
    reading = true;
    mayHaveMore = false;
    const page = await inbox.page({ stuck: false, afterSeq: readUpTo, limit: pageRows });
    reading = false;
    mayHaveMore ||= page.length === pageRows;
    readUpTo = page.at(-1)?.seq ?? readUpTo;
    rows.push(...setUnreadableAside(page));
    pump();
  }

  async function forward(row: PendingMessage): Promise<void> {
    try {
      const message = JSON.parse(row.message) as InboundMessage;
      await startWorkflow(message);
      inbox.forwarded(row.seq, message.number);
      // In a pause it is the end of a start from before, which says nothing of now.
      if (pauseMs > 0 && !paused) temporalReturned();
    } catch (error) {
      if (isRefusal(error)) setAside(row, error);
      else waitForTemporal(row, error);
    }
  }

  function begin(row: PendingMessage): void {
    const ended = Promise.resolve()
      .then(() => forward(row))
      .finally(() => {
        underWay.delete(row.seq);
        pump();
      });
    underWay.set(row.seq, ended);
  }

  function temporalReturned(): void {
    pauseMs = 0;
    log.info({ event: 'temporal.returned', backlog: inbox.status().depth }, 'Temporal is back: forwarding what waits');
  }

  /** Returns the rows that can be read. The others wait for the right keys, and are looked at again within a minute. */
  function setUnreadableAside(page: readonly PendingMessage[]): PendingMessage[] {
    const unreadable = page.filter((row) => row.unreadable !== undefined);
    for (const { seq, unreadable: reason = '' } of unreadable) inbox.stuck(seq, reason, Date.now() + unreadableRetryMs);
    const [first] = unreadable;
    if (first) {
      const told = { event: 'message.unreadable', messages: unreadable.length, error: first.unreadable };
      log.error(told, `${unreadable.length} message(s) in the inbox cannot be read: they are kept, set aside, and tried again in a minute`);
    }
    return page.filter((row) => row.unreadable === undefined);
  }

  function setAside(row: PendingMessage, error: unknown): void {
    inbox.stuck(row.seq, describe(error), Date.now() + stuckRetryMs);
    log.error({ event: 'message.stuck', seq: row.seq, error: describe(error) }, 'Temporal refuses a message: it is set aside and tried again in an hour');
  }

  function waitForTemporal(row: PendingMessage, error: unknown): void {
    rows.unshift(row);
    rows.sort((a, b) => a.seq - b.seq);
    if (stopped) return;
    if (pauseMs === 0) {
      log.warn({ event: 'temporal.away', error: describe(error) }, 'Temporal is away: messages are accepted and wait in the inbox');
    }
    if (paused) return;
    pauseMs = Math.min(Math.max(pauseMs * 2, firstPauseMs), longestPauseMs);
    paused = setTimeout(() => {
      paused = undefined;
      pump();
    }, pauseMs);
  }

  async function retryStuck(): Promise<void> {
    if (inbox.status().stuck === 0) return;
    const page = await inbox.page({ stuck: true, afterSeq: 0, limit: mostStuckAtOnce });
    const waiting = new Set(rows.map(({ seq }) => seq));
    rows.push(...setUnreadableAside(page.filter(({ seq }) => !waiting.has(seq) && !underWay.has(seq))));
    pump();
  }

  inbox.onAccepted(() => {
    mayHaveMore = true;
    pump();
  });
  const stuckTimer = setInterval(() => void retryStuck(), 60_000);
  pump();

  return {
    isTemporalAway: () => pauseMs > 0,
    async forget(seqs) {
      const erased = new Set(seqs);
      // Again after each wait: a start that finds Temporal away gives its row back.
      for (;;) {
        rows.splice(0, rows.length, ...rows.filter(({ seq }) => !erased.has(seq)));
        const running = seqs.flatMap((seq) => underWay.get(seq) ?? []);
        if (running.length === 0) return;
        await Promise.all(running);
      }
    },
    async stop(drainMs) {
      clearInterval(stuckTimer);
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, pauseMs > 0 ? 0 : drainMs);
        onIdle = () => {
          clearTimeout(late);
          resolve();
        };
        pump();
      });
      stopped = true;
      clearTimeout(paused);
      const { depth } = inbox.status();
      if (!isIdle()) log.info({ event: 'inbox.left', depth }, `${depth} message(s) stay in the inbox for the next start`);
    },
  };
}

/** With the cause: the SDK's own message says only that a start failed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
