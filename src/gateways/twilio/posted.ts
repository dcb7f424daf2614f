import { z } from 'zod';

const sid = z.string().regex(/^[A-Z]{2}[0-9a-f]{32}$/);
const accountSid = z.string().describe('The account. It must be the one in `TWILIO_ACCOUNT_SID`.');

/**
 * A received text. Twilio adds parameters without notice; they are ignored.
 * https://www.twilio.com/docs/messaging/guides/webhook-request
 */
export const postedText = z
  .object({
    MessageSid: sid.describe('The id of this text. A text with the same id is a duplicate and gets no second reply.'),
    AccountSid: accountSid,
    From: z
      .string()
      .min(1)
      .max(64)
      .describe('The sender: a number, `whatsapp:` and a number, a short code, or a name.'),
    To: z.string().min(1).max(64).optional().catch(undefined).describe('The number that was texted.'),
    Body: z.string().max(40_000).optional().describe('The text. Absent or empty for a picture without words.'),
    OptOutType: z
      .enum(['STOP', 'HELP', 'START'])
      .optional()
      .catch(undefined)
      .describe('Present when Twilio answered the text itself, by Advanced Opt-Out.'),
  })
  .describe('A text that a person sent to a number of the account. Other parameters are ignored.');

/**
 * The statuses of a reply, and what each means for us. Those of received texts are not in it.
 * https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
 */
export const statesByStatus = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
} as const;

/** A receipt: what became of a reply. It has no `Body`. */
export const postedReceipt = z
  .object({
    AccountSid: accountSid,
    MessageStatus: z
      .enum(Object.keys(statesByStatus) as Array<keyof typeof statesByStatus>)
      .optional()
      .catch(undefined)
      .describe('Any other status is ignored.'),
    ErrorCode: z
      .string()
      .regex(/^\d{1,6}$/)
      .optional()
      .catch(undefined)
      .describe('Why the reply failed.'),
  })
  .meta({
    description: 'What became of a reply, whose mark is `m` in the query. Other parameters are ignored.',
    required: ['AccountSid', 'MessageStatus'],
    // A post with it is a text.
    not: { required: ['Body'] },
  });
