import { z } from 'zod';
import { deviceIdPattern } from './line.js';

/** The event of a received text. */
export const receivedEventName = 'sms:received';

/** The part of a JSON Schema that wants this field with a text, neither absent nor null. */
const mustBeText = (field: string) => ({ required: [field], properties: { [field]: { type: 'string' } } });

const number = z.string().min(1).max(64).nullish().catch(undefined);

/**
 * A received text: https://docs.sms-gate.app/features/webhooks/. `id` is new whenever the app tells the same text, and
 * `payload.messageId` is a hash of 32 bits: neither identifies a text.
 */
export const receivedEvent = z
  .object({
    event: z.literal(receivedEventName),
    deviceId: z.string().regex(deviceIdPattern).describe('The phone that received the text. The reply leaves by it.'),
    payload: z
      .object({
        message: z.string().max(40_000).describe('The text. May be empty.'),
        sender: number.describe('Who wrote: a phone number in any notation, a short code, or a name.'),
        phoneNumber: number.describe('The same in older apps, which have no `sender`.'),
        recipient: number.describe('The number of the SIM that received the text.'),
        simNumber: z.int().min(1).max(3).nullish().catch(undefined).describe('The SIM that received the text.'),
        receivedAt: z.string().min(1).max(64).describe('When the text was sent or received: RFC 3339.'),
      })
      .refine(({ sender, phoneNumber }) => sender ?? phoneNumber, {
        path: ['sender'],
        error: 'Invalid input: expected 1 to 64 characters here or in phoneNumber',
      })
      .meta({ anyOf: [mustBeText('sender'), mustBeText('phoneNumber')] }),
  })
  .meta({ description: 'A received text. Other fields are ignored.' });

/** An event of another kind: what became of a reply, or nothing for us. */
export const otherEvent = z
  .object({
    event: z.string().meta({ not: { const: receivedEventName } }),
    payload: z
      .object({
        messageId: z.string().optional().catch(undefined).describe('The id of the reply that the event is about.'),
        reason: z.string().optional().catch(undefined).describe('Why it failed.'),
      })
      .optional()
      .catch(undefined),
  })
  .meta({
    description: 'An event of another kind. Those about a reply of ours settle it; all others change nothing.',
  });

export type ReceivedEvent = z.infer<typeof receivedEvent>;
export type OtherEvent = z.infer<typeof otherEvent>;
