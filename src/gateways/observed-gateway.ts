import { type Outbound, ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from './gateway.js';

/** How a send ended. `unexpected`: `send` threw an error that `Outbound` doesn't allow. */
export const sendOutcomes = ['sent', 'rejected', 'not-sent', 'maybe-sent', 'unexpected'] as const;
export type SendOutcome = (typeof sendOutcomes)[number];

/** Observes each send. */
export interface GatewayObserver {
  /** @param seconds from the request to the response */
  onSend(outcome: SendOutcome, seconds: number): void;
}

/** Wraps the outbound side of a gateway: reports the outcome and the duration of each send. */
export function observedGateway(outbound: Outbound, observer: GatewayObserver): Outbound {
  return {
    name: outbound.name,
    ...(outbound.lookUp && { lookUp: outbound.lookUp.bind(outbound) }),
    async send(reply, signal) {
      const fromMs = performance.now();
      let outcome: SendOutcome = 'sent';
      try {
        return await outbound.send(reply, signal);
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        observer.onSend(outcome, (performance.now() - fromMs) / 1_000);
      }
    },
  };
}

function outcomeOf(error: unknown): SendOutcome {
  if (error instanceof ReplyRejectedError) return 'rejected';
  if (error instanceof ReplyNotSentError) return 'not-sent';
  return error instanceof ReplyMaybeSentError ? 'maybe-sent' : 'unexpected';
}
