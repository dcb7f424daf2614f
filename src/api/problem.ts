import { STATUS_CODES } from 'node:http';
import type { Middleware } from 'koa';
import type { Log } from '../log.js';
import { NotAcceptedError } from './intake.js';

/** A fault with an answer of its own: RFC 9457 problem+json. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** What is wrong and what to do. */
  readonly detail: string;
  readonly extras: { headers?: Record<string, string>; members?: Record<string, unknown> };

  constructor(status: number, detail: string, extras: { headers?: Record<string, string>; members?: Record<string, unknown> } = {}) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.extras = extras;
  }
}

/** When a gateway should deliver again what was not accepted, in seconds. */
const retryAfterSeconds = '2';

/** Turns every error into problem+json; what nobody foresaw is a 500 without its reason, which goes to the log. */
export function problems(log: Log): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const { status, detail, extras } = asProblem(error, log);
      ctx.status = status;
      ctx.set(extras.headers ?? {});
      const body = { type: `/problems/${status}`, title: STATUS_CODES[status] ?? 'Error', status, detail, ...extras.members };
      ctx.body = JSON.stringify(body);
      ctx.type = 'application/problem+json';
    }
  };
}

function asProblem(error: unknown, log: Log): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof NotAcceptedError) {
    log.warn({ event: 'delivery.not-accepted', cause: describe(error.cause) }, `A delivery was not accepted: ${error.message}`);
    return new ProblemError(503, 'The message could not be made safe in time. Deliver it again.', { headers: { 'Retry-After': retryAfterSeconds } });
  }
  // A target such as `http://[` is a valid request line for Node's parser, and no URL.
  if (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_URL') return new ProblemError(400, 'The address of the request is no URL.');
  log.error({ event: 'request.failed', error: error instanceof Error ? error.stack : String(error) }, 'A request failed');
  return new ProblemError(500, 'Something went wrong here. Deliver the message again.');
}

function describe(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}
