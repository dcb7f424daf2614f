import { z } from 'zod';
import { guid, number, type Posted, text } from './posted-message.js';

/** The type of the one event that brings a text; the provider has others, of sends, calls and e-mails. */
export const receivedType = 'sms.received';

/** What no event has beside its type: with either of them it is a message or a batch, as `isEvent` has it. */
const otherFormats = { anyOf: [{ required: ['guid'] }, { required: ['messages'] }] };

/**
 * A received text in the provider's signed format, as of its version 2026-09-22. `data.guid` names the text, as `guid` does in
 * the unsigned one; `id` names the event.
 * https://github.com/SmsMobileApi/smsmobileapi-webhook-examples (fixtures/events/sms.received.json)
 */
export const postedEvent = z
  .object({
    id: z.string().max(200).optional().catch(undefined),
    type: z.literal(receivedType),
    api_version: z.string().max(200).optional().catch(undefined),
    data: z.object({ guid, from: number, message: text, received_at: z.string().max(200).optional().catch(undefined) }),
  })
  .meta({ description: 'An event that brings a text. Other fields are ignored.', not: otherFormats });

/** An event of another type, which is accepted and brings nothing. */
export const otherEvent = z
  .object({ type: z.string().meta({ not: { const: receivedType } }), data: z.unknown() })
  .meta({ description: 'An event of another type. It is accepted and changes nothing.', not: otherFormats });

export const fromPostedEvent = postedEvent.transform(({ data }): Posted => ({
  guid: data.guid,
  number: data.from,
  text: data.message,
  ...(data.received_at === undefined ? {} : { timeReceived: data.received_at }),
}));

/** Whether it is an event at all. A message of the other format may have fields of any name beside its GUID. */
export function isEvent(posted: object): posted is { type: string } {
  return 'type' in posted && typeof posted.type === 'string' && ('data' in posted || 'api_version' in posted) && !('guid' in posted) && !('messages' in posted);
}
