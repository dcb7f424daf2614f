import { z } from 'zod';
import type { Post } from '../../domain/intake.js';
import { reasonsOf, rejectedMessages } from '../rejected-messages.js';

/** The body of the 200 that acknowledges a post. */
export const acknowledgement = z.object({
  status: z.literal('success'),
  message: z.string(),
  message_count: z.int().min(0).describe('How many messages of the post are stored durably. Duplicates count too.'),
  rejected: rejectedMessages.optional(),
});

export function acknowledge({ messages, rejected }: Post): z.infer<typeof acknowledgement> {
  return {
    status: 'success',
    message: `Received ${messages.length} message(s), processing in background`,
    message_count: messages.length,
    ...(rejected.length > 0 ? { rejected: reasonsOf(rejected) } : {}),
  };
}

/** The body of the 200 for the provider's probe, a GET. */
export const probeResponse = z.object({ status: z.literal('ok'), message: z.string(), timestamp: z.iso.datetime() });

export function probe(now: Date): z.infer<typeof probeResponse> {
  return { status: 'ok', message: 'SMS webhook endpoint is active', timestamp: now.toISOString() };
}
