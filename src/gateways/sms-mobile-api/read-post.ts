import type { z } from 'zod';
import { type InboundMessage, messageVersion } from '../../domain/message.js';
import type { SenderOf } from '../../domain/sender.js';
import { maxBatchMessages, type Post, type RejectedMessage } from '../../domain/intake.js';
import { parseJson } from '../../http/json.js';
import { invalidFields } from '../parse.js';
import { fromPostedEvent, isEvent, receivedType } from './posted-event.js';
import { name } from './name.js';
import { fromPostedMessage, type Posted } from './posted-message.js';
import { ProblemError } from '../../http/problem.js';
import { plainMessageId } from '../message-id.js';

/**
 * Parses a post: one message, a batch, or an event. Only an event of type `sms.received` contains a message.
 *
 * @throws {ProblemError} 400 when it is not JSON, 422 when it is none of the three
 */
export function readPost(body: Buffer, { acceptedAt, senderOf }: { acceptedAt: Date; senderOf: SenderOf }): Post {
  const { schema, items } = itemsOf(parseJson(body));
  const at = acceptedAt.toISOString();
  const messages: InboundMessage[] = [];
  const rejected: RejectedMessage[] = [];
  items.forEach((raw, index) => {
    const parsed = schema.safeParse(raw);
    if (parsed.success) messages.push(messageOf(parsed.data, senderOf(parsed.data.from), at));
    else rejected.push({ index, reason: invalidFields(parsed.error), raw: JSON.stringify(raw) });
  });
  return { messages, rejected };
}

/** No spread: one takes longer than to validate a message. */
function messageOf({ id, line, from, text, date, hour, timeReceived }: Posted, sender: string, acceptedAt: string) {
  return {
    version: messageVersion,
    id: plainMessageId(id),
    gateway: name,
    line,
    from,
    sender,
    text,
    acceptedAt,
    date,
    hour,
    timeReceived,
  } satisfies InboundMessage;
}

function itemsOf(posted: unknown): { schema: z.ZodType<Posted>; items: unknown[] } {
  if (typeof posted !== 'object' || posted === null || Array.isArray(posted)) {
    throw new ProblemError('invalid-messages', {
      detail: 'The body must be a JSON object: one message, {"messages": [...]}, or an event.',
    });
  }
  if (isEvent(posted)) return { schema: fromPostedEvent, items: posted.type === receivedType ? [posted] : [] };
  if (!('messages' in posted)) return { schema: fromPostedMessage, items: [posted] };
  if (!Array.isArray(posted.messages))
    throw new ProblemError('invalid-messages', { detail: '"messages" must be an array.' });
  if (posted.messages.length > maxBatchMessages)
    throw new ProblemError('invalid-messages', { detail: `A batch may have at most ${maxBatchMessages} messages.` });
  return { schema: fromPostedMessage, items: posted.messages };
}
