import { z } from 'zod';
import type { Post, RejectedMessage } from '../../domain/intake.js';
import { type InboundMessage, messageVersion } from '../../domain/message.js';
import type { SenderOf } from '../../domain/sender.js';
import { parseJson } from '../../http/json.js';
import { ProblemError } from '../../http/problem.js';
import { prefixedMessageId } from '../message-id.js';
import { invalidFields } from '../parse.js';
import { handSentIn } from './hand-sent.js';
import { phonesIn } from './heartbeat.js';
import { name } from './name.js';
import { receivedEvent, type ReceivedText, receivedType } from './posted-event.js';
import { receiptsOf } from './receipts.js';

const anyEvent = z.looseObject({ type: z.string() });

interface ReadOptions {
  acceptedAt: Date;
  senderOf: SenderOf;
  /** Called with a message and what it was read from. */
  onMessage?: (message: InboundMessage, posted: PostedText) => void;
}

/** A text as it was posted. */
export interface PostedText {
  /** The id of the text at httpSMS. */
  messageId: string;
  /** The event, as JSON. */
  raw: string;
}

/**
 * Parses a post: one event. It brings a text, a receipt, a text that a person wrote by hand, or nothing.
 *
 * @throws {ProblemError} 400 when it is not JSON, 422 when it is not an event
 */
export function readPost(body: Buffer, { acceptedAt, senderOf, onMessage }: ReadOptions): Post {
  const posted = parseJson(body);
  const event = anyEvent.safeParse(posted);
  if (!event.success) {
    throw new ProblemError('invalid-messages', { detail: 'The body must be an event: a JSON object with a "type".' });
  }
  if (event.data.type !== receivedType) {
    const handSent = handSentIn(posted, { acceptedAt, senderOf });
    const phones = phonesIn(posted);
    return {
      ...{ messages: [], rejected: [], receipts: receiptsOf(posted) },
      ...(handSent.length > 0 && { handSent }),
      ...(phones.length > 0 && { phones }),
    };
  }
  const raw = JSON.stringify(posted);
  const received = receivedEvent.safeParse(posted);
  if (!received.success) return { messages: [], rejected: [rejectedText(invalidFields(received.error), raw)] };
  const message = messageOf(received.data.data, senderOf, acceptedAt);
  onMessage?.(message, { messageId: received.data.data.message_id, raw });
  return { messages: [message], rejected: [] };
}

/** Returns the one text of a post as rejected. */
export const rejectedText = (reason: string, raw: string): RejectedMessage => ({ index: 0, reason, raw });

function messageOf(
  { message_id, contact, content, owner, timestamp }: ReceivedText,
  senderOf: SenderOf,
  acceptedAt: Date,
): InboundMessage {
  return {
    version: messageVersion,
    id: prefixedMessageId(name, message_id),
    gateway: name,
    from: contact,
    sender: senderOf(contact),
    to: owner,
    text: content,
    acceptedAt: acceptedAt.toISOString(),
    receivedAt: receivedAtOf(timestamp, acceptedAt),
  };
}

/** Returns when the phone received a text, at the latest when it was accepted: the clock of a phone may be ahead. */
export const receivedAtOf = (timestamp: string | undefined, acceptedAt: Date): string | undefined =>
  timestamp && new Date(Math.min(Date.parse(timestamp), acceptedAt.getTime())).toISOString();
