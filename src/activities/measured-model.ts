import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { type Model, ModelAnswerUnreadableError, ModelRefusedError, ModelTimedOutError } from './model.js';

/** How a request to the model ended. `cut-off`: by us, since the worker stops or the run has ended. */
export const modelOutcomes = ['ok', 'timeout', 'no-connection', 'rate-limited', 'no-quota', 'server-error', 'rejected', 'refused', 'unreadable', 'cut-off'] as const;
export type ModelOutcome = (typeof modelOutcomes)[number];
export type ModelFault = Exclude<ModelOutcome, 'ok' | 'cut-off'>;

/** The same model; tells how each request ended and what it took. */
export function measuredModel(model: Model, answered: (outcome: ModelOutcome, seconds: number) => void): Model {
  return async (text, playbook, signals) => {
    const fromMs = performance.now();
    let outcome: ModelOutcome = 'ok';
    try {
      return await model(text, playbook, signals);
    } catch (error) {
      outcome = signals.some(({ aborted }) => aborted) ? 'cut-off' : modelFault(error);
      throw error;
    } finally {
      answered(outcome, (performance.now() - fromMs) / 1_000);
    }
  };
}

/** Of what class an error of the model is. */
export function modelFault(error: unknown): ModelFault {
  if (error instanceof ModelRefusedError) return 'refused';
  if (error instanceof ModelTimedOutError || error instanceof APIConnectionTimeoutError) return 'timeout';
  if (error instanceof ModelAnswerUnreadableError) return 'unreadable';
  if (error instanceof APIConnectionError) return 'no-connection';
  // No status: an answer that broke off, or that is no JSON.
  if (!(error instanceof APIError) || error.status === undefined) return 'unreadable';
  if (error.code === 'insufficient_quota') return 'no-quota';
  const { status } = error as APIError<number>;
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'server-error' : 'rejected';
}
