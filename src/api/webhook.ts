import type { Middleware } from 'koa';
import { parseJson, readBody } from './body.js';
import { readDelivery } from './delivery.js';
import type { Delivery, Intake, RejectedMessage } from './intake.js';
import { ProblemError } from './problem.js';

/** Takes a gateway's POST: answers 200 once every message in it is safe. */
export function receive(intake: Intake): Middleware {
  return async (ctx) => {
    const delivery = readDelivery(parseJson(await readBody(ctx.req)), new Date());
    await intake.accept(delivery);
    if (delivery.messages.length === 0 && delivery.rejected.length > 0) throw nothingValid(delivery);
    ctx.body = accepted(delivery);
  };
}

/** The gateway asks by GET whether somebody is there. */
export const probe: Middleware = (ctx) => {
  ctx.body = { status: 'ok', message: 'SMS webhook endpoint is active', timestamp: new Date().toISOString() };
};

function accepted({ messages, rejected }: Delivery) {
  return {
    status: 'success',
    message: `Received ${messages.length} message(s), processing in background`,
    message_count: messages.length,
    ...(rejected.length > 0 ? { rejected: rejected.map(withoutRaw) } : {}),
  };
}

function nothingValid({ rejected }: Delivery): ProblemError {
  return new ProblemError(422, 'No message in the body is valid.', { members: { rejected: rejected.map(withoutRaw) } });
}

function withoutRaw({ index, reason }: RejectedMessage) {
  return { index, reason };
}
