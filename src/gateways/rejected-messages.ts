import { z } from 'zod';
import type { RejectedMessage } from '../domain/intake.js';

/** The list of invalid messages in a response. */
export const rejectedMessages = z
  .array(z.object({ index: z.int().min(0), reason: z.string() }))
  .describe(
    'The invalid messages: the index of each in the batch, and which field is wrong and why. They are kept in ' +
      'quarantine for an operator.',
  );

/** Drops the content that the gateway sent. */
export const reasonsOf = (rejected: readonly RejectedMessage[]): z.infer<typeof rejectedMessages> =>
  rejected.map(({ index, reason }) => ({ index, reason }));
