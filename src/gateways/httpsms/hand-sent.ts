import { z } from 'zod';
import type { HandSent } from '../../domain/hand-sent.js';
import type { SenderOf } from '../../domain/sender.js';
import { prefixedMessageId } from '../message-id.js';
import { name } from './name.js';

/**
 * A text that the phone sent without a `request_id`: it wasn't sent by the API with an id. The app's replies to missed
 * calls look the same: https://docs.httpsms.com/webhooks/events
 */
const handSentEvent = z.object({
  type: z.literal('message.phone.sent'),
  data: z.object({
    id: z.string().min(1).max(200),
    contact: z.string().min(1).max(64),
    request_id: z.literal('').nullish(),
  }),
});

/** Returns the text that a person wrote by hand, in an event about a sent text; none in any other event. */
export function handSentIn(
  posted: unknown,
  { acceptedAt, senderOf }: { acceptedAt: Date; senderOf: SenderOf },
): HandSent[] {
  const parsed = handSentEvent.safeParse(posted);
  if (!parsed.success) return [];
  const { id, contact } = parsed.data.data;
  return [
    {
      handSent: true,
      id: prefixedMessageId(name, id),
      gateway: name,
      from: contact,
      sender: senderOf(contact),
      acceptedAt: acceptedAt.toISOString(),
    },
  ];
}
