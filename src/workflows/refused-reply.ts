import { refusedAsOptedOut, type RefusedReply } from '../domain/receipt.js';
import { sendReply } from './activities.js';
import { requireKnownVersion } from './answer-message.js';
import type { Outcome } from './outcome.js';
import { createOnParked, rememberRefusal } from './reply.js';
import { isOptedOut, refused } from './receipts.js';
import { Run } from './run.js';

/**
 * Keeps a reply that the carrier refused after its run had ended, until an operator releases it or marks it as sent. An
 * uncertain refusal is settled by a later receipt, too. Its sends go on with the numbers of the run before. When the
 * sender opted out at the provider, that is remembered, and no reply is kept.
 */
export async function refusedReply(input: RefusedReply): Promise<Outcome> {
  requireKnownVersion(input);
  const { message, verdict, receipt, send, parkMs } = input;
  const run = new Run({ gateway: message.gateway, onParked: createOnParked(message), send, refusal: receipt });
  if (verdict) run.considered(verdict);
  const reply = isOptedOut(receipt)
    ? refusedAsOptedOut
    : await run.send((number) => sendReply(message, input, number), parkMs, refused(receipt, 1));
  await rememberRefusal(message, reply, verdict?.label ?? '');
  return run.end(reply === 'marked-sent' ? { reply: 'sent', by: 'operator' } : reply);
}
