import { z } from 'zod';
import type { InboundMessage } from '../message.js';

/** The most messages one request may bring. */
export const largestBatch = 1_000;

/** Kept as it came: gateways send three formats of time, and junk in a date must not cost a text. */
const asItCame = z.string().max(200).optional().catch(undefined);

export const guid = z.string().min(1).max(1_000);
export const text = z.string().max(40_000);
export const number = z.union([z.string().min(1).max(64), z.number().transform(String)], { error: 'Invalid input: expected string or number' });

/** A message in the provider's unsigned format. Unknown fields are ignored. */
export const postedMessage = z.object({ guid, number, message: text, date: asItCame, hour: asItCame, time_received: asItCame });

/** Several of them. Each is judged by itself, so that one that is wrong costs the others nothing. */
export const postedBatch = z.object({ messages: z.array(postedMessage).max(largestBatch) });

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
