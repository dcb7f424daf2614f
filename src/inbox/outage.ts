import { forwarderBackoff } from '../domain/waiting.js';
import type { Log } from '../log/log.js';
import type { Task } from './task-queue.js';

/** A message is stuck when its start has failed this often after others were started. */
const maxFailuresAlone = 3;

interface OutageOptions {
  log: Log;
  /** After this many failures in a row, each of another message, Temporal counts as away. */
  maxFailures: number;
  /** The number of messages that wait. */
  backlog: () => number;
  /** Called after a pause: what failed may be tried again. */
  onRetry: () => void;
}

/**
 * Tells whether failures are due to Temporal or to a message. Temporal is away after `maxFailures` failures in a row,
 * or when all messages fail. Each failure begins a pause of `forwarderBackoff`, which holds up other messages only
 * while Temporal is away.
 */
export function createOutage({ log, maxFailures, backlog, onRetry }: OutageOptions) {
  let successes = 0;
  const failedInARow = new Set<Task>();
  let isAway = false;
  let probes = 0;
  let pause: NodeJS.Timeout | undefined;

  function begin(error: unknown): void {
    isAway = true;
    log.warn(
      { event: 'temporal.lost', error: describe(error) },
      'Temporal is away: messages are still accepted and wait in the inbox',
    );
  }

  function end(): void {
    isAway = false;
    probes = 0;
    log.info({ event: 'temporal.returned', backlog: backlog() }, 'Temporal is back: forwarding pending messages');
  }

  /** Whether others were started since this message failed first: then the message may be the cause. */
  const isAlone = (task: Task) => successes > task.successesBefore;

  return {
    isOn: () => isAway,
    isPaused: () => isAway && pause !== undefined,

    /** Counts a failure of this message; returns whether the message is the cause. */
    isCausedBy(task: Task): boolean {
      if (++task.failures === 1) task.successesBefore = successes;
      if (isAway) return false;
      if (isAlone(task)) task.failuresAlone++;
      return task.isStuck || task.failuresAlone >= maxFailuresAlone;
    },

    /** @param isLast whether there is no other message to try */
    failed(error: unknown, task: Task, isLast: boolean): void {
      failedInARow.add(task);
      const allFail = isLast && task.failures > 1 && !isAlone(task);
      // What fails during a pause is no probe: it began before.
      if (isAway) probes += pause ? 0 : 1;
      else if (failedInARow.size >= maxFailures || allFail) begin(error);
      pause ??= setTimeout(
        () => {
          pause = undefined;
          onRetry();
        },
        pauseMsAfter(Math.max(task.failures, probes + 1)),
      );
    },

    /** Returns whether this success ended an outage. */
    succeeded(): boolean {
      successes++;
      // During a pause, the start began before Temporal was lost, so its success proves nothing.
      if (isAway && pause) return false;
      failedInARow.clear();
      if (!isAway) return false;
      end();
      return true;
    },

    stop: () => clearTimeout(pause),
  };
}

function pauseMsAfter(failures: number): number {
  const { firstWaitMs, coefficient, maxWaitMs } = forwarderBackoff;
  return Math.min(firstWaitMs * coefficient ** (failures - 1), maxWaitMs);
}

/** Describes an error with its cause: the SDK's message only says that a start failed. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
