import type { Middleware } from 'koa';
import { ProblemError } from '../http/problem.js';

/** How a post was answered: 200, 401, any other 4xx, 503, or anything else. */
export const acknowledgements = ['accepted', 'unauthenticated', 'invalid', 'not-accepted', 'failed'] as const;
export type Acknowledgement = (typeof acknowledgements)[number];

/** Hears of each post to the webhook. */
export interface ApiMeasure {
  /** From the head of the request to its answer. */
  answered(outcome: Acknowledgement, seconds: number): void;
  /** How many messages of a post are safe now, and how many are in the quarantine. */
  received(messages: { accepted: number; rejected: number }): void;
}

/** Tells how each request was answered, and when. */
export function timed({ answered }: Pick<ApiMeasure, 'answered'>): Middleware {
  return async (ctx, next) => {
    const fromMs = performance.now();
    let status = 500;
    try {
      await next();
      status = ctx.status;
    } catch (error) {
      if (error instanceof ProblemError) status = error.status;
      throw error;
    } finally {
      answered(outcomeOf(status), (performance.now() - fromMs) / 1_000);
    }
  };
}

function outcomeOf(status: number): Acknowledgement {
  if (status < 300) return 'accepted';
  if (status === 401) return 'unauthenticated';
  if (status >= 400 && status < 500) return 'invalid';
  return status === 503 ? 'not-accepted' : 'failed';
}
