import type { Middleware } from 'koa';
import { z } from 'zod';
import type { Log } from '../log.js';
import { NotAcceptedError } from './intake.js';

/** Every fault that an answer can name. Its `type` is `/problems/<name>`: senders may rely on it, so a name stays what it is. */
export const faults = {
  'bad-request': { status: 400, title: 'Not a proper HTTP request' },
  'body-cut-off': { status: 400, title: 'The body ended early' },
  'not-json': { status: 400, title: 'Not JSON in UTF-8' },
  'too-complex': { status: 400, title: 'Nested too deep, or too many members' },
  unauthenticated: { status: 401, title: 'Not authenticated' },
  'not-found': { status: 404, title: 'Nothing here' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'too-slow': { status: 408, title: 'The request took too long' },
  'body-too-large': { status: 413, title: 'Body too large' },
  'content-encoded': { status: 415, title: 'Content-Encoding not supported' },
  'unknown-expectation': { status: 417, title: 'Unknown expectation' },
  'invalid-messages': { status: 422, title: 'No valid message' },
  'headers-too-large': { status: 431, title: 'Headers too large' },
  unforeseen: { status: 500, title: 'Something went wrong here' },
  'not-accepted': { status: 503, title: 'Not accepted, deliver again' },
  'not-ready': { status: 503, title: 'Not ready' },
} as const;

export type Fault = keyof typeof faults;

interface Extras {
  headers?: Record<string, string>;
  members?: Record<string, unknown>;
}

/** A fault with an answer of its own: RFC 9457 problem+json. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly fault: Fault;
  /** What is wrong and what to do. */
  readonly detail: string;
  readonly extras: Extras;

  constructor(fault: Fault, detail: string, extras: Extras = {}) {
    super(detail);
    this.fault = fault;
    this.detail = detail;
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
export function problemOf(fault: Fault, detail: string): Problem {
  return { type: `/problems/${fault}`, ...faults[fault], detail };
}

export function problemBody({ fault, detail, extras }: ProblemError): string {
  return JSON.stringify({ ...problemOf(fault, detail), ...extras.members });
}

/** When a gateway should deliver again what was not accepted, in seconds. */
export const retryAfter = { 'Retry-After': '2' };

/** Turns every error into problem+json; what nobody foresaw is a 500 without its reason, which goes to the log. */
export function problems(log: Log): Middleware {
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
  if (error instanceof NotAcceptedError) {
    log.warn({ event: 'delivery.not-accepted', cause: describe(error.cause) }, `A delivery was not accepted: ${error.message}`);
    return new ProblemError('not-accepted', 'The message could not be made safe in time. Deliver it again.', { headers: retryAfter });
  }
  // A target such as `http://[` is a valid request line for Node's parser, and no URL.
  if (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_URL') return new ProblemError('bad-request', 'The address of the request is no URL.');
  log.error({ event: 'request.failed', error: error instanceof Error ? error.stack : String(error) }, 'A request failed');
  return new ProblemError('unforeseen', 'Something went wrong here. Deliver the message again.');
}

function describe(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}
