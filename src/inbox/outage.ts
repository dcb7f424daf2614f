import { forwarderBackoff } from '../domain/waiting.js';
import type { Log } from '../log/log.js';

interface OutageOptions {
  log: Log;
  /** The number of messages that wait. */
  backlog: () => number;
  /** Called when Temporal may be tried again. */
  onProbe: () => void;
}

/**
 * Tracks whether Temporal is away, with the pauses of `forwarderBackoff` between two tries. A failure that no second
 * one follows is not logged: it may be of one message only.
 */
export function createOutage({ log, backlog, onProbe }: OutageOptions) {
  let failures = 0;
  let pauseMs = 0;
  let paused: NodeJS.Timeout | undefined;

  return {
    isOn: () => failures > 0,
    isPaused: () => paused !== undefined,

    /** Notes that a start failed. */
    failed(error: unknown): void {
      if (++failures === 2)
        log.warn(
          { event: 'temporal.lost', error: describe(error) },
          'Temporal is away: messages are still accepted and wait in the inbox',
        );
      if (paused) return;
      const { firstWaitMs, coefficient, maxWaitMs } = forwarderBackoff;
      pauseMs = Math.min(Math.max(pauseMs * coefficient, firstWaitMs), maxWaitMs);
      paused = setTimeout(() => {
        paused = undefined;
        onProbe();
      }, pauseMs);
    },

    /** Notes that a start succeeded. */
    end(): void {
      if (failures > 1)
        log.info({ event: 'temporal.returned', backlog: backlog() }, 'Temporal is back: forwarding pending messages');
      failures = 0;
      pauseMs = 0;
    },

    stop: () => clearTimeout(paused),
  };
}

/** Describes an error with its cause: the SDK's message only says that a start failed. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
