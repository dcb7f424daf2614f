import { z } from 'zod';

/** The type of the event for a received text. */
export const receivedType = 'message.phone.received';

const ignored = 'Any other value is ignored.';

/**
 * A received text: https://docs.httpsms.com/webhooks/events. `data.message_id` identifies the text, `id` the event. The
 * phone's slot (`data.sim`) isn't needed: each SIM is a phone of its own at httpSMS, with the number in `data.owner`.
 */
export const receivedEvent = z
  .object({
    type: z.literal(receivedType),
    data: z.object({
      message_id: z
        .string()
        .min(1)
        .max(200)
        .describe('The id of this text. A text with the same id is a duplicate and gets no second reply.'),
      contact: z.string().min(1).max(64).describe('The sender: a phone number, a short code, or a name.'),
      content: z.string().max(40_000).describe('The text. May be empty.'),
      owner: z
        .string()
        .min(1)
        .max(64)
        .optional()
        .catch(undefined)
        .describe(`The number that was texted. Without it, the text gets no reply. ${ignored}`),
      timestamp: z.iso
        .datetime({ offset: true })
        .optional()
        .catch(undefined)
        .describe(`When the phone received the text. ${ignored}`),
      encrypted: z
        .boolean()
        .optional()
        .catch(undefined)
        .refine((encrypted) => encrypted !== true, {
          error: 'The text is encrypted: switch off the encryption of received messages in the httpSMS app',
        })
        .meta({ description: 'An encrypted text is rejected.', not: { const: true } }),
    }),
  })
  .meta({ description: 'An event for a received text. Other fields are ignored.' });

export type ReceivedText = z.infer<typeof receivedEvent>['data'];

/** An event of another type. It is accepted and contains no text for us. */
export const otherEvent = z
  .object({ type: z.string().meta({ not: { const: receivedType } }), data: z.unknown() })
  .meta({ description: 'An event of another type: a receipt of a reply, or one that changes nothing.' });
