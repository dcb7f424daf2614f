import { z } from 'zod';
import { guid, number, type Posted, text } from './posted-message.js';

/** The type of the event for a received text. The provider has other events: sends, calls and e-mails. */
export const receivedType = 'sms.received';

/** An object with one of these fields is a message or a batch, not an event; see `isEvent`. */
const otherFormats = { anyOf: [{ required: ['guid'] }, { required: ['messages'] }] };

/**
 * A received text in the provider's signed format, API version 2026-09-22. `data.guid` identifies the text, like `guid`
 * in the unsigned format; `id` identifies the event.
 * https://github.com/SmsMobileApi/smsmobileapi-webhook-examples (fixtures/events/sms.received.json)
 */
export const postedEvent = z
  .object({
    id: z.string().max(200).optional().catch(undefined),
    type: z.literal(receivedType),
    api_version: z.string().max(200).optional().catch(undefined),
    data: z.object({
      guid,
      from: number,
      message: text,
      received_at: z.string().max(200).optional().catch(undefined),
      device_id: z.string().min(1).max(200).optional().catch(undefined),
    }),
  })
  .meta({ description: 'An event for a received text. Other fields are ignored.', not: otherFormats });

/** An event of another type. It is accepted and contains no text for us. */
export const otherEvent = z
  .object({ type: z.string().meta({ not: { const: receivedType } }), data: z.unknown() })
  .meta({ description: 'An event of another type. It is accepted and changes nothing.', not: otherFormats });

export const fromPostedEvent = postedEvent.transform(({ data }): Posted => ({
  id: data.guid,
  from: data.from,
  text: data.message,
  line: data.device_id,
  timeReceived: data.received_at,
}));

/**
 * Tells an event from a message or a batch. A message in the unsigned format may have any other fields beside its GUID.
 */
export function isEvent(posted: object): posted is { type: string } {
  return (
    'type' in posted &&
    typeof posted.type === 'string' &&
    ('data' in posted || 'api_version' in posted) &&
    !('guid' in posted) &&
    !('messages' in posted)
  );
}
