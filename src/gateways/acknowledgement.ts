import { z } from 'zod';
import type { Post } from '../domain/intake.js';
import { reasonsOf, rejectedMessages } from './rejected-messages.js';

/** The body of the 200 that acknowledges a post, for providers that read only the status. */
export const acknowledgement = z.object({
  messages: z.int().min(0).describe('How many texts are stored durably. Duplicates count too.'),
  receipts: z.int().min(0).describe('How many receipts are stored durably.'),
  rejected: rejectedMessages.optional(),
});

export function acknowledge({ messages, receipts = [], rejected }: Post): z.infer<typeof acknowledgement> {
  return {
    messages: messages.length,
    receipts: receipts.length,
    ...(rejected.length > 0 ? { rejected: reasonsOf(rejected) } : {}),
  };
}

/** The body of the 200 for a GET, for providers that don't probe: it is for people. */
export const probeResponse = z.object({ status: z.literal('ok') });

export const probe = (): z.infer<typeof probeResponse> => ({ status: 'ok' });
