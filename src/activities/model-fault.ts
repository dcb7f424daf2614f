import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { ModelResponseUnreadableError, ModelRefusedError, ModelTimedOutError } from './model.js';

/** The kinds of errors of the model. */
export const modelFaults = [
  'timeout',
  'no-connection',
  'rate-limited',
  'no-quota',
  'server-error',
  'rejected',
  'refused',
  'unreadable',
] as const;
export type ModelFault = (typeof modelFaults)[number];

/** Another try would fail in the same way. */
const permanentFaults: readonly ModelFault[] = ['no-quota', 'rejected', 'refused'];

/** Tells whether another try may succeed. */
export const isTransient = (fault: ModelFault): boolean => !permanentFaults.includes(fault);

/** Classifies an error that a model threw. */
export function modelFault(error: unknown): ModelFault {
  if (error instanceof ModelRefusedError) return 'refused';
  if (error instanceof ModelTimedOutError || error instanceof APIConnectionTimeoutError) return 'timeout';
  if (error instanceof ModelResponseUnreadableError) return 'unreadable';
  if (error instanceof APIConnectionError) return 'no-connection';
  // No status: a truncated response, or one that isn't JSON.
  if (!(error instanceof APIError) || error.status === undefined) return 'unreadable';
  if (error.code === 'insufficient_quota') return 'no-quota';
  const { status } = error as APIError<number>;
  if (status === 429) return 'rate-limited';
  if (status === 408) return 'timeout';
  // 409 is a lock timeout, which is temporary. OpenAI's client also retries it.
  return status >= 500 || status === 409 ? 'server-error' : 'rejected';
}
