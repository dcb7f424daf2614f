import Koa, { type Middleware } from 'koa';
import { z } from 'zod';
import type { Log } from '../log/log.js';
import { type ProblemName, problemTypes } from './problem-types.js';

interface Extras {
  /** What is wrong and what to do; default: the detail in `problemTypes`. */
  detail?: string;
  headers?: Record<string, string>;
  members?: Record<string, unknown>;
}

/** An error that becomes a problem+json response (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: ProblemName;
  readonly extras: Extras;

  constructor(problem: ProblemName, extras: Extras = {}) {
    super(extras.detail ?? problemTypes[problem].detail);
    this.problem = problem;
    this.extras = extras;
  }

  get status(): number {
    return problemTypes[this.problem].status;
  }
}

export const problemMediaType = 'application/problem+json';

/** The members of every problem; some have more. */
export const problemResponseBody = z.object({
  type: z.string().describe('Identifies the problem. It never changes, so clients may rely on it.'),
  status: z.int(),
  title: z.string(),
  detail: z.string().describe('What is wrong and what to do. For people: the wording may change.'),
});
export type Problem = z.infer<typeof problemResponseBody>;

/** The body of a problem, without further members. */
export function problemOf(problem: ProblemName, detail: string = problemTypes[problem].detail): Problem {
  return { type: `/problems/${problem}`, ...problemTypes[problem], detail };
}

export function problemBody({ problem, message, extras }: ProblemError): string {
  return JSON.stringify({ ...problemOf(problem, message), ...extras.members });
}

/** When a gateway should post again what was not accepted, in seconds. */
export const retryAfter = { 'Retry-After': '2' };

/** Creates an app that answers every error with problem+json. */
export function createProblemApp(log: Log): Koa {
  const app = new Koa();
  app.use(problems(log));
  // `problems` handles every error of a middleware, so what Koa still reports is a client that disconnected.
  app.on('error', (error: Error) =>
    log.debug({ event: 'request.aborted', error: error.message }, 'The client disconnected during a request'),
  );
  return app;
}

/** Turns errors into problem+json. An unexpected error becomes a 500 without its reason; the reason is logged. */
function problems(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = asProblem(error, log);
      ctx.status = problem.status;
      ctx.set(problem.extras.headers ?? {});
      ctx.body = problemBody(problem);
      ctx.type = problemMediaType;
    }
  };
}

function asProblem(error: unknown, log: Log): ProblemError {
  if (error instanceof ProblemError) return error;
  // Node's parser accepts a request target such as `http://[`, which is not a valid URL.
  if (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_URL')
    return new ProblemError('bad-request', { detail: 'The request target is not a valid URL.' });
  log.error(
    { event: 'request.failed', error: error instanceof Error ? error.stack : String(error) },
    'A request failed',
  );
  return new ProblemError('unforeseen');
}
