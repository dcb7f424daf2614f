import { breakerBackoff, maxMaybeSentInARow } from '../domain/waiting.js';
import { type Outbound, ReplyNotSentError, ReplyRejectedError } from './gateway.js';

export interface BreakerOptions {
  /** Called when the breaker opens and when it closes. */
  onChange: (isOpen: boolean) => void;
  /** The pauses between two probes. Default: `breakerBackoff`. */
  backoff?: { readonly firstWaitMs: number; readonly coefficient: number; readonly maxWaitMs: number };
}

/**
 * Wraps the outbound side of a gateway in a circuit breaker. It opens after `maxMaybeSentInARow` sends of unknown
 * outcome in a row, so that a gateway that hangs leaves few uncertain replies. While it is open, sends fail with
 * ReplyNotSentError before they connect, except for one probe at a time. It closes as soon as the gateway sends or
 * rejects a reply.
 */
export function withBreaker(outbound: Outbound, { onChange, backoff = breakerBackoff }: BreakerOptions): Outbound {
  let maybeSentInARow = 0;
  let isProbing = false;
  /** Only while the breaker is open. `atMs` is on the clock of `performance.now()`. */
  let nextProbe: { atMs: number; pauseMs: number } | undefined;

  function scheduleProbe(): void {
    const wasOpen = nextProbe !== undefined;
    const pauseMs = nextProbe
      ? Math.min(nextProbe.pauseMs * backoff.coefficient, backoff.maxWaitMs)
      : backoff.firstWaitMs;
    nextProbe = { atMs: performance.now() + pauseMs, pauseMs };
    if (!wasOpen) onChange(true);
  }

  function close(): void {
    maybeSentInARow = 0;
    if (nextProbe) onChange(false);
    nextProbe = undefined;
  }

  /** Reserves the probe, or throws. Returns false when the breaker is closed. */
  function beginProbe(): boolean {
    if (!nextProbe) return false;
    const { atMs, pauseMs } = nextProbe;
    const waitMs = isProbing ? pauseMs : atMs - performance.now();
    if (waitMs > 0)
      throw new ReplyNotSentError(
        'Not sent: the outcome of the last sends is unknown, and the gateway is only probed',
        {
          // Spread, so that a backlog doesn't return all at once.
          retryAfterMs: Math.ceil(waitMs + Math.random() * pauseMs),
        },
      );
    return (isProbing = true);
  }

  return {
    name: outbound.name,
    ...(outbound.lookUp && { lookUp: outbound.lookUp.bind(outbound) }),
    async send(reply, signal) {
      const isProbe = beginProbe();
      try {
        const sent = await outbound.send(reply, signal);
        close();
        return sent;
      } catch (error) {
        if (error instanceof ReplyRejectedError) close();
        else if (isProbe && nextProbe) scheduleProbe();
        // A send that we aborted ourselves tells nothing about the gateway.
        else if (!(error instanceof ReplyNotSentError) && !signal.aborted)
          if (++maybeSentInARow >= maxMaybeSentInARow && !nextProbe) scheduleProbe();
        throw error;
      } finally {
        if (isProbe) isProbing = false;
      }
    },
  };
}
