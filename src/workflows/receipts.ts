import type { ReplyResult } from '../activities/send-reply.js';
import { refusedAsOptedOut, replaces, type RunReceipt } from '../domain/receipt.js';
import { type FailedStep, isFailed } from './activity-failure.js';

/** What the gateway has said about the sends of a run. */
export class Receipts {
  readonly #gateway: string;
  readonly #bySend = new Map<number, RunReceipt>();

  /** @param gateway whose receipts count */
  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  /** Receipts come in any order, and several times: only a later state replaces one. */
  note(receipt: RunReceipt): void {
    const known = this.#bySend.get(receipt.send);
    const isLater = !known || replaces(receipt, known);
    if (receipt.gateway === this.#gateway && isLater) this.#bySend.set(receipt.send, receipt);
  }

  /** Returns the outcome of a send as the gateway tells it: it knows better than what the send itself resulted in. */
  outcomeOf(send: number, result: ReplyResult | FailedStep): ReplyResult | FailedStep {
    const receipt = this.#bySend.get(send);
    if (!receipt || (!isFailed(result) && result.reply === 'skipped')) return result;
    if (receipt.state === 'failed')
      return isOptedOut(receipt) ? refusedAsOptedOut : refused(receipt, isFailed(result) ? result.tries : 1);
    if (!isFailed(result)) return receipt.state === 'delivered' ? { ...result, reply: 'delivered' } : result;
    return { reply: receipt.state === 'delivered' ? 'delivered' : 'sent' };
  }
}

/** Whether a send failed since the sender opted out at the provider. */
export const isOptedOut = ({ state, number }: Pick<RunReceipt, 'state' | 'number'>): boolean =>
  state === 'failed' && number === 'opted-out';

/** A send that the gateway had taken, and the carrier refused. */
export function refused(
  { code, isUncertain, number }: Pick<RunReceipt, 'code' | 'isUncertain' | 'number'>,
  tries: number,
): FailedStep {
  const words = isUncertain ? 'the phone did not say whether it sent the reply' : 'the carrier refused the reply';
  const reason = `${words}${code ? ` (${code})` : ''}`;
  return { parkedAs: isUncertain ? 'uncertain' : 'failed', reason, tries, ...(number && { number }) };
}
