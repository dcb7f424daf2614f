import { z } from 'zod';
import { maxBatchMessages } from '../../domain/intake.js';
import type { InboundMessage } from '../../domain/message.js';

/** A date that is kept unchanged: gateways send three time formats, and an invalid date must not reject a text. */
const unparsedDate = z
  .string()
  .max(200)
  .optional()
  .catch(undefined)
  .describe('Kept unchanged, for people. Any other value is ignored.');

export const guid = z
  .string()
  .min(1)
  .max(1_000)
  .describe('The id of this text. A text with the same id is a duplicate and gets no second reply.');
export const text = z.string().max(40_000).describe('The text. May be empty.');
export const number = z
  .union([z.string().min(1).max(64), z.number().transform(String)], {
    error: 'Invalid input: expected string or number',
  })
  .describe('The sender: a phone number in any notation, a short code, or a name.');

/** A message in the provider's unsigned format. Unknown fields are ignored. */
export const postedMessage = z
  .object({ guid, number, message: text, date: unparsedDate, hour: unparsedDate, time_received: unparsedDate })
  .meta({
    description: 'One text. Other fields are ignored; with a field `messages` it is a batch.',
    not: { required: ['messages'] },
  });

/** Several messages. Each is validated on its own: an invalid one doesn't affect the others. */
export const postedBatch = z
  .object({ messages: z.array(postedMessage).max(maxBatchMessages) })
  .describe(
    'Several texts. Each is validated on its own: the valid ones are accepted, and the response lists the ' +
      'invalid ones.',
  );

export const fromPostedMessage = postedMessage.transform(
  ({ guid, number, message, date, hour, time_received }): Posted => ({
    id: guid,
    from: number,
    text: message,
    date,
    hour,
    timeReceived: time_received,
  }),
);

/** The fields of a message that come from the post. */
export type Posted = Omit<InboundMessage, 'version' | 'gateway' | 'sender' | 'acceptedAt'>;
