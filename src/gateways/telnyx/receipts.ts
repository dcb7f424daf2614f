import { z } from 'zod';
import type { Receipt, ReceiptState } from '../../domain/receipt.js';
import type { RequestHead } from '../gateway.js';
import { errorsIn } from './codes.js';
import { name } from './name.js';
import { refusedNumber } from './refused-number.js';
import { markParameter } from './route.js';

const receiptTypes: readonly string[] = ['message.sent', 'message.finalized'];

/** What the states of Telnyx say. `delivery_unconfirmed`: the carrier has it, and reports nothing more. */
const stateOf: Readonly<Record<string, ReceiptState>> = {
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  delivery_unconfirmed: 'sent',
  delivered: 'delivered',
  sending_failed: 'failed',
  delivery_failed: 'failed',
  expired: 'failed',
};

/** The state is the addressee's: a message has none of its own. */
const postedReceipt = z.object({
  to: z.tuple([z.object({ status: z.enum(Object.keys(stateOf)) })], z.unknown()),
  errors: z.unknown().optional(),
});

/** Our marks, and nothing that could be a number with its `+`. */
const markPattern = /^[A-Za-z0-9._-]{1,100}$/;

/**
 * Reads the receipt of an event. The mark of the send is in the query, since each send has its own address for
 * receipts. None: the event is no receipt, it has no mark, or its state is unknown.
 */
export function readReceipts(type: string, payload: unknown, query: RequestHead['query']): Receipt[] {
  const mark = query[markParameter];
  if (!receiptTypes.includes(type) || typeof mark !== 'string' || !markPattern.test(mark)) return [];
  const posted = postedReceipt.safeParse(payload);
  const state = posted.data && stateOf[posted.data.to[0].status];
  if (!state) return [];
  const errors = state === 'failed' ? errorsIn(posted.data?.errors) : [];
  return [{ mark, gateway: name, state, code: errors[0]?.code, number: refusedNumber(errors) }];
}
