import type { Middleware } from 'koa';
import { z } from 'zod';
import type { Log } from '../log.js';
import type { ReadAuthenticated } from './authentication.js';
import { readDelivery } from './delivery.js';
import { type Delivery, type Intake, NotAcceptedError, type RejectedMessage } from './intake.js';
import type { ApiMeasure } from './measure.js';
import { ProblemError, retryAfter } from '../http/problem.js';

export const webhookPath = '/api/webhook/sms-received';

export interface WebhookDependencies {
  intake: Intake;
  readAuthenticated: ReadAuthenticated;
  log: Log;
  measure?: Pick<ApiMeasure, 'received'> | undefined;
}

/** Takes a gateway's POST: answers 200 once every message in it is safe. */
export function receive({ readAuthenticated, ...taking }: WebhookDependencies): Middleware {
  return async (ctx) => {
    const body = await readAuthenticated(ctx);
    const delivery = await readOrQuarantine(body, (unread) => accept(unread, taking));
    await accept(delivery, taking);
    const counts = { messages: delivery.messages.length, rejected: delivery.rejected.length };
    taking.log.info({ event: 'delivery.accepted', ...counts }, `Accepted ${counts.messages} message(s)`);
    if (delivery.messages.length === 0 && delivery.rejected.length > 0) throw nothingValid(delivery);
    ctx.body = accepted(delivery);
  };
}

async function accept(delivery: Delivery, { intake, log, measure }: Omit<WebhookDependencies, 'readAuthenticated'>): Promise<void> {
  try {
    await intake.accept(delivery);
    measure?.received({ accepted: delivery.messages.length, rejected: delivery.rejected.length });
  } catch (error) {
    if (!(error instanceof NotAcceptedError)) throw error;
    log.warn({ event: 'delivery.not-accepted', cause: error.cause instanceof Error ? error.cause.message : undefined }, `A delivery was not accepted: ${error.message}`);
    throw new ProblemError('not-accepted', { headers: retryAfter });
  }
}

/** A body that cannot be read is kept before the gateway hears of it: most gateways do not deliver it again after a 4xx. */
async function readOrQuarantine(body: Buffer, quarantine: (delivery: Delivery) => Promise<void>): Promise<Delivery> {
  try {
    return readDelivery(body, new Date());
  } catch (error) {
    if (error instanceof ProblemError && body.length > 0) await quarantine({ messages: [], rejected: [{ index: 0, reason: error.message, raw: body }] });
    throw error;
  }
}

/** The gateway asks by GET whether somebody is there. */
export const probe: Middleware = (ctx) => {
  ctx.body = { status: 'ok', message: 'SMS webhook endpoint is active', timestamp: new Date().toISOString() } satisfies z.infer<typeof probeAnswer>;
};

export const probeAnswer = z.object({ status: z.literal('ok'), message: z.string(), timestamp: z.iso.datetime() });

/** The messages of a body that were not valid. */
export const rejectedMessages = z
  .array(z.object({ index: z.int().min(0), reason: z.string() }))
  .describe('The messages that are not valid: the place of each in the batch, and what is wrong with which field. They are kept for an operator.');

export const acceptedAnswer = z.object({
  status: z.literal('success'),
  message: z.string(),
  message_count: z.int().min(0).describe('How many messages are safe now. Those seen before are counted too.'),
  rejected: rejectedMessages.optional(),
});

function accepted({ messages, rejected }: Delivery): z.infer<typeof acceptedAnswer> {
  return {
    status: 'success',
    message: `Received ${messages.length} message(s), processing in background`,
    message_count: messages.length,
    ...(rejected.length > 0 ? { rejected: rejected.map(withoutRaw) } : {}),
  };
}

function nothingValid({ rejected }: Delivery): ProblemError {
  return new ProblemError('invalid-messages', { members: { rejected: rejected.map(withoutRaw) } });
}

function withoutRaw({ index, reason }: RejectedMessage) {
  return { index, reason };
}
