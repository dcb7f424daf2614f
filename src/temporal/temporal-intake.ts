import { type Post, type Intake, NotAcceptedError } from '../domain/intake.js';
import { commitDeadlineMs } from '../domain/waiting.js';
import { withTimeout } from '../process/with-timeout.js';
import type { Log } from '../log/log.js';
import type { HandSent } from '../domain/hand-sent.js';
import type { InboundMessage } from '../domain/message.js';
import type { Receipt } from '../domain/receipt.js';
import { messageKey } from './message-hash.js';
import type { StartWorkflow } from './start-workflow.js';
import type { TakeOver } from './take-over.js';

export interface TemporalIntakeOptions {
  startWorkflow: StartWorkflow;
  /** Brings a receipt to the run of its reply. */
  forwardReceipt: (receipt: Receipt) => Promise<unknown>;
  /** Hands a sender over to the person who has written by hand. */
  takeOver: TakeOver;
  /** Keeps the rejected parts of posts; default: they are only logged, without their content. */
  quarantine?: Pick<Intake, 'accept' | 'ready'> | undefined;
  log: Log;
  /** Time limit of a post, in milliseconds. Default: `commitDeadlineMs`. */
  deadlineMs?: number;
  /** Maximum of starts that run at once, over all posts. */
  concurrency?: number;
}

/** The start of one message: running, or waiting for a free slot. */
interface Start {
  /** Resolves with true once the workflow is started. */
  done: Promise<boolean>;
  /** Returns true when the latest post that waits for this start has timed out. */
  isLate: () => boolean;
}

/** Creates an intake that accepts a post once all its workflows are started. It stores no messages. */
export function createTemporalIntake(options: TemporalIntakeOptions): Intake {
  const { forwardReceipt, takeOver, quarantine, log, deadlineMs = commitDeadlineMs } = options;
  const startOnce = createStartOnce(options);

  async function startAll(messages: readonly InboundMessage[]): Promise<void> {
    let late = false;
    let missing = messages.length;
    const starts = messages.map((message) =>
      startOnce(message, () => late).then((started) => void (started && missing--)),
    );
    const outcome = await withTimeout(deadlineMs, Promise.allSettled(starts));
    late = true;
    if (missing === 0) return;
    throw new NotAcceptedError(
      `Temporal did not start the workflows of ${missing} of ${messages.length} message(s) in time`,
      { cause: outcome?.find((result) => result.status === 'rejected')?.reason },
    );
  }

  async function forwardAll(receipts: readonly Receipt[], handSent: readonly HandSent[]): Promise<void> {
    const forwarded = [...receipts.map(forwardReceipt), ...handSent.map(takeOver)];
    const outcome = await withTimeout(deadlineMs, Promise.allSettled(forwarded));
    const failed = outcome?.find((result) => result.status === 'rejected');
    if (!outcome || failed)
      throw new NotAcceptedError('Temporal did not take the receipts in time', { cause: failed?.reason });
  }

  return {
    keepsRejected: quarantine !== undefined,
    ready: () => quarantine?.ready(),
    async accept({ gateway, messages, rejected, receipts = [], handSent = [] }: Post) {
      await Promise.all([
        startAll(messages),
        forwardAll(receipts, handSent),
        quarantine?.accept({ ...(gateway !== undefined && { gateway }), messages: [], rejected }),
      ]);
      if (quarantine) return;
      for (const { index, reason } of rejected)
        log.warn({ event: 'message.rejected', index, reason }, `Message ${index} of a post was rejected: ${reason}`);
    },
  };
}

/** Starts each message once, a few at a time; posts that bring it at the same moment wait for the same start. */
function createStartOnce({ startWorkflow, concurrency = 20 }: TemporalIntakeOptions) {
  const starting = new Map<string, Start>();
  const waiting: Array<() => void> = [];
  let running = 0;

  async function start(message: InboundMessage, wanted: Pick<Start, 'isLate'>): Promise<boolean> {
    while (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      if (wanted.isLate()) return false;
      await startWorkflow(message);
      return true;
    } finally {
      running--;
      waiting.shift()?.();
    }
  }

  return (message: InboundMessage, isLate: () => boolean): Promise<boolean> => {
    const key = messageKey(message);
    const current = starting.get(key);
    if (current) {
      current.isLate = isLate;
      return current.done;
    }
    const wanted: Start = { done: Promise.resolve(false), isLate };
    starting.set(key, wanted);
    wanted.done = start(message, wanted).finally(() => starting.delete(key));
    return wanted.done;
  };
}
