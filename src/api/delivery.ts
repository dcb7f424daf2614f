import type { z } from 'zod';
import type { InboundMessage } from '../message.js';
import type { Delivery, RejectedMessage } from './intake.js';
import { parseJson } from '../http/json.js';
import { fromPostedEvent, isEvent, receivedType } from './posted-event.js';
import { fromPostedMessage, largestBatch, type Posted } from './posted-message.js';
import { ProblemError } from '../http/problem.js';

/**
 * Reads one message, a batch, or an event. Of the events only those of a received text bring a message.
 *
 * @throws {ProblemError} 400 when it is not JSON, 422 when it is none of the three
 */
export function readDelivery(body: Buffer, acceptedAt: Date): Delivery {
  const { schema, items } = itemsOf(parseJson(body));
  const messages: InboundMessage[] = [];
  const rejected: RejectedMessage[] = [];
  items.forEach((raw, index) => {
    const parsed = schema.safeParse(raw);
    if (parsed.success) messages.push({ ...parsed.data, acceptedAt: acceptedAt.toISOString(), gateway: 'smsmobileapi' });
    else rejected.push({ index, reason: reasonOf(parsed.error), raw: JSON.stringify(raw) });
  });
  return { messages, rejected };
}

function itemsOf(posted: unknown): { schema: z.ZodType<Posted>; items: unknown[] } {
  if (typeof posted !== 'object' || posted === null || Array.isArray(posted)) {
    throw new ProblemError('invalid-messages', { detail: 'The body must be a JSON object: one message, {"messages": [...]}, or an event.' });
  }
  if (isEvent(posted)) return { schema: fromPostedEvent, items: posted.type === receivedType ? [posted] : [] };
  if (!('messages' in posted)) return { schema: fromPostedMessage, items: [posted] };
  if (!Array.isArray(posted.messages)) throw new ProblemError('invalid-messages', { detail: '"messages" must be an array.' });
  if (posted.messages.length > largestBatch) throw new ProblemError('invalid-messages', { detail: `A batch may have at most ${largestBatch} messages.` });
  return { schema: fromPostedMessage, items: posted.messages };
}

/** Names fields and what was expected, never what stood there. */
function reasonOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.length ? path.join('.') : 'message'}: ${message}`).join('; ');
}
