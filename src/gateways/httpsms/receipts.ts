import { z } from 'zod';
import type { Receipt } from '../../domain/receipt.js';
import { name } from './name.js';

/** The `request_id` of our replies, see `markOf`; other programs of the account have ids of their own. */
const mark = z
  .string()
  .max(255)
  .regex(new RegExp(`^${name}\\.[\\w.-]+\\.r?[1-9]\\d{0,5}$`));

/** Android's reason, such as `NO_SERVICE` or `UNKNOWN:30`. Words of another form may quote a number. */
const reason = z
  .string()
  .max(100)
  .regex(/^[A-Z][A-Z_]*(:-?\d{1,6})?$/)
  .optional()
  .catch(undefined);

const event = <Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
  z.object({ type: z.literal(type), data: z.object({ request_id: mark, ...data }) });

/** The events that are receipts: https://docs.httpsms.com/webhooks/events */
const receiptEvent = z.discriminatedUnion('type', [
  event('message.phone.sent', {}),
  event('message.phone.delivered', {}),
  event('message.send.failed', { error_message: reason }),
  // Not final: the server asks the phone again.
  event('message.send.expired', { is_final: z.literal(true) }),
]);

/** The server takes what a phone says after the send has expired. */
const mayFollowUncertain = true;

/** Returns the receipt in an event: none in one of another type, or about a text that isn't a reply of ours. */
export function receiptsOf(posted: unknown): Receipt[] {
  const parsed = receiptEvent.safeParse(posted);
  if (!parsed.success) return [];
  const receipt = { mark: parsed.data.data.request_id, gateway: name };
  switch (parsed.data.type) {
    case 'message.phone.sent':
      return [{ ...receipt, state: 'sent', mayFollowUncertain }];
    case 'message.phone.delivered':
      return [{ ...receipt, state: 'delivered', mayFollowUncertain }];
    case 'message.send.failed':
      return [{ ...receipt, state: 'failed', code: parsed.data.data.error_message }];
    case 'message.send.expired':
      // The phone may have sent it without saying so.
      return [{ ...receipt, state: 'failed', code: 'EXPIRED', isUncertain: true }];
  }
}
