import type { Log } from '../log/log.js';
import type { HandSent } from '../domain/hand-sent.js';
import type { InboundMessage } from '../domain/message.js';
import type { Receipt } from '../domain/receipt.js';
import { withTimeout } from '../process/with-timeout.js';
import { stuckRetryMs } from '../domain/waiting.js';
import type { Apart } from './entries.js';
import type { Inbox } from './inbox.js';
import { idIn, isHandSent, isReceipt, type Item, itemIn, linesFrom } from './lines.js';
import { createOutage, describe } from './outage.js';
import { createPageReader, type PageReader } from './page-reader.js';
import { createTaskQueue, type Task, type TaskQueue } from './task-queue.js';

/** How often it is checked whether stuck messages are due, in milliseconds. */
const stuckCheckMs = 10_000;

export interface ForwarderOptions {
  inbox: Pick<Inbox, 'page' | 'forwarded' | 'stuck' | 'onAccepted' | 'status'>;
  /** Starts the workflow of a message; resolves, too, when it exists already. */
  startWorkflow: (message: InboundMessage) => Promise<unknown>;
  /** Brings a receipt to the run of its reply. */
  forwardReceipt: (receipt: Receipt) => Promise<unknown>;
  /** Hands a sender over to the person who has written by hand. */
  takeOver: (handSent: HandSent) => Promise<unknown>;
  /**
   * Tells whether a failed start means that Temporal refuses this message. After any other failure the start is
   * retried.
   */
  isRefusal: (error: unknown) => boolean;
  log: Log;
  /** The maximum number of concurrent starts. */
  concurrency?: number;
}

export interface Forwarder {
  /** True after starts failed because Temporal could not be reached, until a start succeeds. */
  isTemporalAway(): boolean;
  /** Tries the stuck messages that are due, now. */
  retryStuck(): void;
  /** Drops the messages of a sender. Resolves once starts of these messages that are in progress have ended. */
  forget(sender: string): Promise<void>;
  /** Forwards messages for up to `drainMs`, unless Temporal is away, then stops and logs how many remain. */
  stop(drainMs: number): Promise<void>;
}

/**
 * Moves messages and receipts from the inbox to Temporal, oldest first; behind a backlog, every fourth is one of the
 * newest. While Temporal is away, it tries one start at a time, each with the next message. A crash between a start
 * and its commit is harmless: the next start finds that the workflow exists.
 */
export function startForwarder(options: ForwarderOptions): Forwarder {
  const { inbox, isRefusal, log, concurrency = 10 } = options;
  const tasks = createTaskQueue();
  const running = new Map<Task, Promise<void>>();
  const outage = createOutage({ log, maxFailures: concurrency, backlog: () => inbox.status().depth, onRetry });
  const reader = createPageReader({ inbox, log, onRead: (read) => (tasks.add(read), pump()) });
  const settle = createSettle(inbox, reader);
  let stopped = false;
  let onIdle: (() => void) | undefined;

  function pump(): void {
    while (!stopped && !outage.isPaused() && running.size < (outage.isOn() ? 1 : concurrency)) {
      const task = tasks.next({ failedToo: outage.isOn() });
      if (!task) break;
      const ended = forward(task).finally(() => (running.delete(task), pump()));
      running.set(task, ended);
    }
    if (!stopped && tasks.wantsMore()) reader.read({ stuckToo: !outage.isOn() });
    if (isIdle()) onIdle?.();
  }

  const isIdle = () => tasks.isEmpty() && running.size === 0 && reader.isIdle();

  function onRetry(): void {
    if (!outage.isOn()) tasks.retryFailed();
    pump();
  }

  async function forward(task: Task): Promise<void> {
    try {
      await forwardItem(itemIn(task.line), options);
      settle(task);
      if (outage.succeeded()) tasks.retryFailed();
    } catch (error) {
      if (isRefusal(error)) settle(task, setApart(task, error, { log, reason: refused }));
      else if (outage.isCausedBy(task)) settle(task, setApart(task, error, { log, reason: failing }));
      else {
        const isLast = running.size === 1 && tasks.isAllFailed() && reader.isIdle();
        tasks.addFailed(task);
        if (!stopped) outage.failed(error, task, isLast);
      }
    }
  }

  const retryStuck = () => (reader.expectStuck(inbox.status().stuck), pump());

  inbox.onAccepted((accepted) => {
    if (reader.isBehind() && tasks.hasRoomForFresh()) tasks.addFresh(reader.open(accepted));
    reader.expectMore();
    pump();
  });
  const stuckTimer = setInterval(retryStuck, stuckCheckMs);
  pump();

  return {
    isTemporalAway: outage.isOn,
    retryStuck,
    forget: (sender) => forget(sender, { tasks, running, reader, settle }),
    async stop(drainMs) {
      clearInterval(stuckTimer);
      await withTimeout(outage.isOn() ? 0 : drainMs, new Promise<void>((resolve) => ((onIdle = resolve), pump())));
      stopped = true;
      outage.stop();
      if (!isIdle()) logLeft(log, inbox.status().depth);
    },
  };
}

function forwardItem(
  item: Item,
  { startWorkflow, forwardReceipt, takeOver }: Pick<ForwarderOptions, 'startWorkflow' | 'forwardReceipt' | 'takeOver'>,
): Promise<unknown> {
  if (isReceipt(item)) return forwardReceipt(item);
  return isHandSent(item) ? takeOver(item) : startWorkflow(item);
}

const logLeft = (log: Log, depth: number) =>
  log.info({ event: 'inbox.left', depth }, `${depth} message(s) stay in the inbox until the next start`);

type Settle = (task: Task, apart?: Apart) => void;

/** Creates the function that notes that a message is forwarded or set apart. The last one of an entry settles it. */
function createSettle(inbox: Pick<Inbox, 'forwarded' | 'stuck'>, reader: Pick<PageReader, 'release'>): Settle {
  return ({ entry }, apart) => {
    if (apart) entry.apart.push(apart);
    if (--entry.open > 0) return;
    reader.release(entry);
    const [only] = entry.apart;
    if (only && entry.messages === 1) inbox.stuck(entry.seq, { reason: only.reason, retryAtMs: only.retryAtMs });
    else inbox.forwarded(entry.seq, entry.apart);
  };
}

/** Logs only what wasn't stuck before: a stuck message is retried often. */
function setApart({ line, isStuck }: Task, error: unknown, { log, reason }: { log: Log; reason: string }): Apart {
  if (!isStuck) log.error({ event: 'message.stuck', guid: idIn(line), error: describe(error) }, reason);
  return { line, reason: describe(error), retryAtMs: Date.now() + stuckRetryMs };
}

const refused = 'Temporal refuses a message: it is kept as stuck and retried every 30 s';

/** For example, the part of the Temporal cluster that would have its run doesn't respond. */
const failing = 'Temporal starts other messages, but not this one: it is kept as stuck and retried every 30 s';

interface Forwarding {
  tasks: TaskQueue;
  running: ReadonlyMap<Task, Promise<void>>;
  reader: PageReader;
  settle: Settle;
}

async function forget(sender: string, { tasks, running, reader, settle }: Forwarding): Promise<void> {
  const isFromSender = linesFrom(sender);
  const matches = ({ line }: { line: string }) => isFromSender(line);
  // Repeat after each wait: a start that finds Temporal away returns its message to the queue.
  for (;;) {
    for (const task of tasks.remove(matches)) settle(task);
    for (const entry of reader.held()) entry.apart = entry.apart.filter((apart) => !matches(apart));
    const starts = [...running].filter(([task]) => matches(task));
    if (starts.length === 0) return;
    await Promise.all(starts.map(([, ended]) => ended));
  }
}
