import type { Middleware } from 'koa';
import type { Log } from '../log.js';
import type { ReadAuthenticated } from './authentication.js';
import { readBody } from './body.js';
import { readDelivery } from './delivery.js';
import type { Delivery, Intake, RejectedMessage } from './intake.js';
import { ProblemError } from './problem.js';

export interface WebhookDependencies {
  intake: Intake;
  readAuthenticated: ReadAuthenticated;
  log: Log;
}

/** Takes a gateway's POST: answers 200 once every message in it is safe. */
export function receive({ intake, readAuthenticated, log }: WebhookDependencies): Middleware {
  return async (ctx) => {
    const body = await readAuthenticated(ctx, () => readBody(ctx.req));
    const delivery = await readOrQuarantine(body, intake);
    await intake.accept(delivery);
    const counts = { messages: delivery.messages.length, rejected: delivery.rejected.length };
    log.info({ event: 'delivery.accepted', ...counts }, `Accepted ${counts.messages} message(s)`);
    if (delivery.messages.length === 0 && delivery.rejected.length > 0) throw nothingValid(delivery);
    ctx.body = accepted(delivery);
  };
}

/** A body that cannot be read is kept before the gateway hears of it: most gateways do not deliver it again after a 4xx. */
async function readOrQuarantine(body: Buffer, intake: Intake): Promise<Delivery> {
  try {
    return readDelivery(body, new Date());
  } catch (error) {
    if (error instanceof ProblemError && body.length > 0) await intake.accept({ messages: [], rejected: [{ index: 0, reason: error.detail, raw: body }] });
    throw error;
  }
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
  return new ProblemError('invalid-messages', 'No message in the body is valid.', { members: { rejected: rejected.map(withoutRaw) } });
}

function withoutRaw({ index, reason }: RejectedMessage) {
  return { index, reason };
}
