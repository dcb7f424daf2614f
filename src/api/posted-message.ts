import { z } from 'zod';
import type { InboundMessage } from '../message.js';

/** The most messages one request may bring. */
export const largestBatch = 1_000;

/** Kept as it came: gateways send three formats of time, and junk in a date must not cost a text. */
const asItCame = z.string().max(200).optional().catch(undefined).describe('Kept as it came, for people. Anything but such a string is ignored.');

export const guid = z.string().min(1).max(1_000).describe('The id of this text. The same id is the same text: it is answered once.');
export const text = z.string().max(40_000).describe('What was written. May be empty.');
export const number = z
  .union([z.string().min(1).max(64), z.number().transform(String)], { error: 'Invalid input: expected string or number' })
  .describe('Who wrote: a phone number in any notation, a short code, or a name.');

/** A message in the provider's unsigned format. Unknown fields are ignored. */
export const postedMessage = z
  .object({ guid, number, message: text, date: asItCame, hour: asItCame, time_received: asItCame })
  .meta({ description: 'One text. Other fields are ignored; with `messages` among them it is a batch.', not: { required: ['messages'] } });

/** Several of them. Each is judged by itself, so that one that is wrong costs the others nothing. */
export const postedBatch = z
  .object({ messages: z.array(postedMessage).max(largestBatch) })
  .describe('Several texts. Each is judged by itself: where some are not valid, the others are accepted and the answer names those.');

export const fromPostedMessage = postedMessage.transform(({ guid, number, message, date, hour, time_received }): Posted => ({
  guid,
  number,
  text: message,
  ...(date === undefined ? {} : { date }),
  ...(hour === undefined ? {} : { hour }),
  ...(time_received === undefined ? {} : { timeReceived: time_received }),
}));

/** What a gateway says of a text; the rest we know ourselves. */
export type Posted = Omit<InboundMessage, 'acceptedAt' | 'gateway'>;
