import { z } from 'zod';

/** The type of the event for a received text. */
export const receivedType = 'message.received';

/** Any event, as far as it tells what it is. */
export const postedEvent = z
  .object({
    data: z.object({
      event_type: z.string().meta({
        description: '`message.sent` and `message.finalized` are receipts of a reply.',
        not: { const: receivedType },
      }),
      payload: z.unknown().optional(),
    }),
    meta: z
      .object({ delivered_to: z.string() })
      .optional()
      .catch(undefined)
      .meta({ description: 'The address of this post, as Telnyx signs it.' }),
  })
  .meta({ description: 'An event of another type. It is accepted; only receipts change something.' });

const line = z.object({
  phone_number: z.string().min(1).max(64).optional().catch(undefined),
});

/** A received text. https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks */
export const postedText = z
  .object({
    data: z.object({
      event_type: z.literal(receivedType),
      payload: z.object({
        id: z.string().min(1).max(1_000).describe('The id of the text: a text with the same id is a duplicate.'),
        from: z.object({
          phone_number: z.string().min(1).max(64).describe('The sender: a number, a short code, or a name.'),
        }),
        to: z
          .array(line.catch({}))
          .optional()
          .catch(undefined)
          .describe('The number that was texted. With several, or with `cc`, the text gets no reply.'),
        cc: z.array(z.unknown()).optional().catch(undefined),
        text: z.string().max(40_000).nullish().describe('Absent or empty for a picture without words.'),
        received_at: z.iso.datetime({ offset: true }).optional().catch(undefined),
        autoresponse_type: z
          .enum(['STOP', 'START', 'HELP'])
          .optional()
          .catch(undefined)
          .describe('The kind of word that Telnyx has answered itself.'),
      }),
    }),
  })
  .meta({ description: 'A received text. Other fields are ignored.' });

export type PostedText = z.infer<typeof postedText>['data']['payload'];
