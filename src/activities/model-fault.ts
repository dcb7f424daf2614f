import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { ModelAnswerUnreadableError, ModelRefusedError, ModelTimedOutError } from './model.js';

/** Of what kind an error of the model may be. */
export const modelFaults = ['timeout', 'no-connection', 'rate-limited', 'no-quota', 'server-error', 'rejected', 'refused', 'unreadable'] as const;
export type ModelFault = (typeof modelFaults)[number];

/** These are the same at the next try. */
const lasting: readonly ModelFault[] = ['no-quota', 'rejected', 'refused'];

/** Whether another try may succeed. */
export const mayPass = (fault: ModelFault): boolean => !lasting.includes(fault);

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
  if (status === 408) return 'timeout';
  // 409 is a lock that could not be had, which passes: the client's own rule too.
  return status >= 500 || status === 409 ? 'server-error' : 'rejected';
}
