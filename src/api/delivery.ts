import { z } from 'zod';
import type { InboundMessage } from '../message.js';
import { parseJson } from './body.js';
import type { Delivery, RejectedMessage } from './intake.js';
import { ProblemError } from './problem.js';

/** The most messages one request may bring. */
export const largestBatch = 1_000;

/** Kept as it came: gateways send three formats of time, and junk in a date must not cost a text. */
const asItCame = z.string().max(200).optional().catch(undefined);

/** A message as the gateway posts it. Unknown fields are ignored. */
const postedMessage = z.object({
  guid: z.string().min(1).max(1_000),
  number: z.union([z.string().min(1).max(64), z.number().transform(String)], { error: 'Invalid input: expected string or number' }),
  message: z.string().max(40_000),
  date: asItCame,
  hour: asItCame,
  time_received: asItCame,
});

/**
 * Reads one message or a batch.
 *
 * @throws {ProblemError} 400 when it is not JSON, 422 when it is neither one message nor a batch
 */
export function readDelivery(body: Buffer, acceptedAt: Date): Delivery {
  const posted = parseJson(body);
  const items = itemsOf(posted);
  const messages: InboundMessage[] = [];
  const rejected: RejectedMessage[] = [];
  items.forEach((raw, index) => {
    const parsed = postedMessage.safeParse(raw);
    if (parsed.success) messages.push(toMessage(parsed.data, acceptedAt));
    else rejected.push({ index, reason: reasonOf(parsed.error), raw: rawOf(raw, body, rejected) });
  });
  return { messages, rejected };
}

/** What stood there as JSON; where that is nested too deep to be written again the whole body, once a delivery. */
function rawOf(item: unknown, body: Buffer, before: readonly RejectedMessage[]): string | Buffer {
  try {
    return JSON.stringify(item);
  } catch {
    const kept = before.find(({ raw }) => raw === body);
    return kept ? `(in the body that is kept for message ${kept.index})` : body;
  }
}

function itemsOf(posted: unknown): unknown[] {
  if (typeof posted !== 'object' || posted === null || Array.isArray(posted)) {
    throw new ProblemError(422, 'The body must be a JSON object: one message, or {"messages": [...]}.');
  }
  if (!('messages' in posted)) return [posted];
  if (!Array.isArray(posted.messages)) throw new ProblemError(422, '"messages" must be an array.');
  if (posted.messages.length > largestBatch) throw new ProblemError(422, `A batch may have at most ${largestBatch} messages.`);
  return posted.messages;
}

function toMessage(posted: z.infer<typeof postedMessage>, acceptedAt: Date): InboundMessage {
  const { guid, number, message: text, date, hour, time_received: timeReceived } = posted;
  return {
    guid,
    number,
    text,
    acceptedAt: acceptedAt.toISOString(),
    gateway: 'smsmobileapi',
    ...(date === undefined ? {} : { date }),
    ...(hour === undefined ? {} : { hour }),
    ...(timeReceived === undefined ? {} : { timeReceived }),
  };
}

/** Names fields and what was expected, never what stood there. */
function reasonOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.length ? path.join('.') : 'message'}: ${message}`).join('; ');
}
