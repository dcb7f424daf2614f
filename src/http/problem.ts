import Koa, { type Middleware } from 'koa';
import { z } from 'zod';
import type { Log } from '../log.js';
import { type Fault, faults } from './faults.js';

interface Extras {
  /** What is wrong and what to do; default: what the table of faults says. */
  detail?: string;
  headers?: Record<string, string>;
  members?: Record<string, unknown>;
}

/** A fault with an answer of its own: RFC 9457 problem+json. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly fault: Fault;
  readonly extras: Extras;

  constructor(fault: Fault, extras: Extras = {}) {
    super(extras.detail ?? faults[fault].detail);
    this.fault = fault;
    this.extras = extras;
  }

  get status(): number {
    return faults[this.fault].status;
  }
}

export const problemType = 'application/problem+json';

/** What every problem says; some have further members. */
export const problemAnswer = z.object({
  type: z.string().describe('Which fault it is. It stays what it is, so senders may rely on it.'),
  status: z.int(),
  title: z.string(),
  detail: z.string().describe('What is wrong and what to do. For people: its words may change.'),
});
export type Problem = z.infer<typeof problemAnswer>;

/** A fault as an answer names it. */
export function problemOf(fault: Fault, detail: string = faults[fault].detail): Problem {
  return { type: `/problems/${fault}`, ...faults[fault], detail };
}

export function problemBody({ fault, message, extras }: ProblemError): string {
  return JSON.stringify({ ...problemOf(fault, message), ...extras.members });
}

/** When a gateway should deliver again what was not accepted, in seconds. */
export const retryAfter = { 'Retry-After': '2' };

/** An app whose every error leaves as problem+json. */
export function createProblemApp(log: Log): Koa {
  const app = new Koa();
  app.use(problems(log));
  // Koa's own report of an error has its stack; what goes wrong before the first middleware is a client gone away.
  app.on('error', (error: Error) => log.debug({ event: 'request.aborted', error: error.message }, 'A request was cut off'));
  return app;
}

/** What nobody foresaw is a 500 without its reason, which goes to the log. */
function problems(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = asProblem(error, log);
      ctx.status = problem.status;
      ctx.set(problem.extras.headers ?? {});
      ctx.body = problemBody(problem);
      ctx.type = problemType;
    }
  };
}

function asProblem(error: unknown, log: Log): ProblemError {
  if (error instanceof ProblemError) return error;
  // A target such as `http://[` is a valid request line for Node's parser, and no URL.
  if (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_URL') return new ProblemError('bad-request', { detail: 'The address of the request is no URL.' });
  log.error({ event: 'request.failed', error: error instanceof Error ? error.stack : String(error) }, 'A request failed');
  return new ProblemError('unforeseen');
}
