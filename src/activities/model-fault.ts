import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { ModelResponseUnreadableError, ModelRefusedError, ModelTimedOutError } from './model.js';

/** The kinds of errors of the model. */
export const modelFaults = [
  'timeout',
  'no-connection',
  'rate-limited',
  'no-model',
  'no-access',
  'no-quota',
  'server-error',
  'rejected',
  'refused',
  'unreadable',
] as const;
export type ModelFault = (typeof modelFaults)[number];

/** Another try would fail in the same way. */
const permanentFaults: readonly ModelFault[] = ['no-model', 'no-access', 'no-quota', 'rejected', 'refused'];

/** Tells whether another try may succeed. */
export const isTransient = (fault: ModelFault): boolean => !permanentFaults.includes(fault);

/** OpenAI's codes for an account without credit. It uses them with 429 as for too many requests, which pass. */
const quotaCodes: readonly unknown[] = ['insufficient_quota', 'billing_not_active', 'billing_hard_limit_reached'];

/** Classifies an error that a model threw. */
export function modelFault(error: unknown): ModelFault {
  if (error instanceof ModelRefusedError) return 'refused';
  if (error instanceof ModelTimedOutError || error instanceof APIConnectionTimeoutError) return 'timeout';
  if (error instanceof ModelResponseUnreadableError) return 'unreadable';
  if (error instanceof APIConnectionError) return 'no-connection';
  // No status: a truncated response, or one that isn't JSON.
  if (!(error instanceof APIError) || error.status === undefined) return 'unreadable';
  const { status, code, type } = error as APIError<number>;
  if (status === 402 || quotaCodes.includes(code) || quotaCodes.includes(type)) return 'no-quota';
  if (status === 401 || status === 403) return 'no-access';
  if (status === 404 || status === 410 || code === 'model_not_found') return 'no-model';
  if (status === 429) return 'rate-limited';
  if (status === 408) return 'timeout';
  // 409 is a lock timeout, which is temporary. OpenAI's client also retries it.
  return status >= 500 || status === 409 ? 'server-error' : 'rejected';
}
