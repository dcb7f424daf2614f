import type { Post } from '../../domain/intake.js';
import { type InboundMessage, messageVersion } from '../../domain/message.js';
import type { SenderOf } from '../../domain/sender.js';
import { parseJson } from '../../http/json.js';
import { ProblemError } from '../../http/problem.js';
import { invalidFields } from '../parse.js';
import { lineOf } from './line.js';
import { name } from './name.js';
import { phoneIn } from './ping.js';
import { otherEvent, type ReceivedEvent, receivedEvent, receivedEventName } from './posted-event.js';
import { receiptOf } from './receipts.js';
import { receivedAtOf } from './received-at.js';
import type { createTextId } from './text-id.js';

export interface ReadOptions {
  acceptedAt: Date;
  senderOf: SenderOf;
  idOf: ReturnType<typeof createTextId>;
}

/**
 * Parses a post: one event.
 *
 * @throws {ProblemError} 400 when it is not JSON, 422 when it is no event
 */
export function readPost(body: Buffer, options: ReadOptions): Post {
  const posted = parseJson(body);
  const event = otherEvent.safeParse(posted);
  if (!event.success) throw new ProblemError('invalid-messages', { detail: 'The body must be an event of SMSGate.' });
  if (event.data.event !== receivedEventName) {
    const receipt = receiptOf(event.data);
    const phone = phoneIn(posted);
    return { messages: [], rejected: [], ...(receipt && { receipts: [receipt] }), ...(phone && { phones: [phone] }) };
  }
  const received = receivedEvent.safeParse(posted);
  return received.success
    ? { messages: [messageOf(received.data, options)], rejected: [] }
    : { messages: [], rejected: [{ index: 0, reason: invalidFields(received.error), raw: JSON.stringify(posted) }] };
}

function messageOf({ deviceId, payload }: ReceivedEvent, { acceptedAt, senderOf, idOf }: ReadOptions): InboundMessage {
  const { message: text, sender, phoneNumber, recipient, simNumber } = payload;
  const from = sender ?? phoneNumber ?? '';
  const at = acceptedAt.toISOString();
  const receivedAt = receivedAtOf(payload.receivedAt);
  return {
    version: messageVersion,
    id: idOf({ deviceId, from, receivedAt: receivedAt ?? payload.receivedAt, text }),
    gateway: name,
    line: lineOf({ deviceId, simNumber: simNumber ?? undefined }),
    from,
    sender: senderOf(from),
    to: recipient ?? undefined,
    text,
    acceptedAt: at,
    // The clock of the phone may be ahead.
    receivedAt: receivedAt !== undefined && receivedAt > at ? at : receivedAt,
    timeReceived: payload.receivedAt,
  };
}
