import type { Post } from '../../domain/intake.js';
import { type InboundMessage, messageVersion } from '../../domain/message.js';
import type { SenderOf } from '../../domain/sender.js';
import { parseJson } from '../../http/json.js';
import { ProblemError } from '../../http/problem.js';
import type { RequestHead } from '../gateway.js';
import { prefixedMessageId } from '../message-id.js';
import { invalidFields } from '../parse.js';
import { name } from './name.js';
import { postedEvent, postedText, type PostedText, receivedType } from './posted-event.js';
import { readReceipts } from './receipts.js';

export interface ReadOptions {
  acceptedAt: Date;
  query: RequestHead['query'];
  senderOf: SenderOf;
}

/**
 * Parses a post, which is one event: a received text, a receipt, or anything else, which is accepted and changes
 * nothing.
 *
 * @throws {ProblemError} 400 when it is not JSON, 422 when it is not an event
 */
export function readPost(body: Buffer, { acceptedAt, query, senderOf }: ReadOptions): Post {
  const posted = parseJson(body);
  const event = postedEvent.safeParse(posted);
  if (!event.success)
    throw new ProblemError('invalid-messages', { detail: `Not an event: ${invalidFields(event.error, 'event')}` });
  const { event_type: type, payload } = event.data.data;
  if (type !== receivedType) {
    const signedQuery = queryOf(event.data.meta?.delivered_to) ?? query;
    return { messages: [], rejected: [], receipts: readReceipts(type, payload, signedQuery) };
  }

  const text = postedText.safeParse(posted);
  if (text.success) return { messages: [messageOf(text.data.data.payload, acceptedAt, senderOf)], rejected: [] };
  return { messages: [], rejected: [{ index: 0, reason: invalidFields(text.error, 'event'), raw: body.toString() }] };
}

/** The query of the request isn't signed, and a captured receipt could be posted with the mark of another send. */
function queryOf(address: string | undefined): RequestHead['query'] | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  return Object.fromEntries(new URL(address).searchParams);
}

function messageOf(
  { id, from: { phone_number: from }, to = [], cc = [], text, received_at, autoresponse_type }: PostedText,
  acceptedAt: Date,
  senderOf: SenderOf,
): InboundMessage {
  return {
    version: messageVersion,
    id: prefixedMessageId(name, id),
    gateway: name,
    from,
    sender: senderOf(from),
    to: to[0]?.phone_number,
    text: text ?? '',
    acceptedAt: acceptedAt.toISOString(),
    receivedAt: received_at && earlier(new Date(received_at), acceptedAt).toISOString(),
    isToSeveral: to.length > 1 || cc.length > 0 || undefined,
    answeredByProvider: autoresponse_type,
  };
}

const earlier = (one: Date, other: Date) => (one < other ? one : other);
