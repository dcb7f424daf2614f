import { setTimeout as delay } from 'node:timers/promises';
import type { ReceiptState } from '../../domain/receipt.js';
import type { WebhookPost } from './dialect.js';
import { post } from './post-to-webhook.js';
import type { Step } from './step.js';

/** Providers repeat a receipt that was not accepted. */
const waitsMs = [1_000, 5_000, 20_000, 60_000];

interface PostReceiptsOptions {
  postsOf: (state: ReceiptState) => readonly WebhookPost[];
  /** Called for each receipt that the webhook has accepted. */
  onAccepted: (state: ReceiptState) => void;
  /** Aborted when the gateway closes. */
  closing: AbortSignal;
}

/** Posts the receipts of an accepted text one after the other, as a step of the script describes. */
export async function postReceipts(
  { receipts = ['sent', 'delivered'], receiptsAfterMs = 0 }: Step,
  { postsOf, onAccepted, closing }: PostReceiptsOptions,
): Promise<void> {
  await delay(receiptsAfterMs, undefined, { signal: closing });
  for (const state of receipts)
    for (const one of postsOf(state)) if (await postUntilAccepted(one, closing)) onAccepted(state);
}

/** Returns whether the receipt was accepted. */
async function postUntilAccepted(one: WebhookPost, closing: AbortSignal): Promise<boolean> {
  for (const waitMs of [0, ...waitsMs]) {
    await delay(waitMs, undefined, { signal: closing });
    if (await isAccepted(one)) return true;
  }
  return false;
}

const isAccepted = (one: WebhookPost): Promise<boolean> =>
  post(one).then(
    () => true,
    () => false,
  );
