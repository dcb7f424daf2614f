import type { Receipt, ReceiptState } from '../../domain/receipt.js';
import { name } from './name.js';
import type { OtherEvent } from './posted-event.js';

const states: Readonly<Record<string, ReceiptState>> = {
  'sms:sent': 'sent',
  'sms:delivered': 'delivered',
  'sms:failed': 'failed',
  'sms:cancelled': 'failed',
};

/** Our marks; the ids of messages that other programs send by the same phone are not of this form. */
const markPattern = /^smsgate\.[\w.-]{1,60}\.r?\d{1,6}$/;

/** Returns the receipt that an event is, or undefined. A long reply has a `sms:delivered` for each of its parts. */
export function receiptOf({ event, payload }: OtherEvent): Receipt | undefined {
  const state = Object.hasOwn(states, event) ? states[event] : undefined;
  const mark = payload?.messageId ?? '';
  if (state === undefined || !markPattern.test(mark)) return undefined;
  const code = event === 'sms:cancelled' ? 'cancelled' : state === 'failed' ? codeOf(payload?.reason) : undefined;
  return { mark, gateway: name, state, ...(code !== undefined && { code }) };
}

/** Returns the fixed words in a reason. All others may quote a number, such as the one of the service centre. */
function codeOf(reason = ''): string | undefined {
  return /\b(RESULT_[A-Z_]{1,80}|SHORT_CODE_NOT_ALLOWED|TTL expired)\b/.exec(reason)?.[1];
}
