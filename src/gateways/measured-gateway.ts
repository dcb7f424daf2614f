import { type Gateway, ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from './gateway.js';

/** How a send ended; `unexpected` is an error that no adapter may throw. */
export const sendOutcomes = ['sent', 'rejected', 'not-sent', 'maybe-sent', 'unexpected'] as const;
export type SendOutcome = (typeof sendOutcomes)[number];

/** The same gateway; tells how each send ended and what it took. */
export function measuredGateway(gateway: Gateway, answered: (outcome: SendOutcome, seconds: number) => void): Gateway {
  return {
    name: gateway.name,
    ...(gateway.lookUp && { lookUp: gateway.lookUp.bind(gateway) }),
    async send(reply, signal) {
      const fromMs = performance.now();
      let outcome: SendOutcome = 'sent';
      try {
        return await gateway.send(reply, signal);
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        answered(outcome, (performance.now() - fromMs) / 1_000);
      }
    },
  };
}

function outcomeOf(error: unknown): SendOutcome {
  if (error instanceof ReplyRejectedError) return 'rejected';
  if (error instanceof ReplyNotSentError) return 'not-sent';
  return error instanceof ReplyMaybeSentError ? 'maybe-sent' : 'unexpected';
}
