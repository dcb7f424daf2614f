import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  TemporalFailure,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReplyResult } from '../activities/send-reply.js';
import type { Parked } from '../activities/tell-parked.js';
import type { SilenceReason, Verdict } from '../domain/decision.js';
import { failureTypes, replyState } from '../domain/names.js';
import type { RefusedNumber, RunReceipt } from '../domain/receipt.js';
import { updateWaitMs } from '../domain/waiting.js';
import type { Outcome } from './outcome.js';
import { type FailedStep, isFailed, readConsiderFailure, readSendFailure } from './activity-failure.js';
import { isReset } from './is-reset.js';
import { replies } from './observer.js';
import { Receipts } from './receipts.js';
import { markReplySent, receipt, retryReply, retryReplyNow, type RetryResult, status, type Status } from './signals.js';
import { parkedDetails } from './parked-details.js';

/** Sends a reply. `send` is the number of the deliberate send: 1, and one more after each release. */
export type Send = (send: number) => Promise<ReplyResult>;

export interface RunOptions {
  /** The gateway of the message. */
  gateway: string;
  /** Called each time the run is parked; the run doesn't wait for it. `number`: what a refusal says about it. */
  onParked: (parked: Parked, number?: RefusedNumber) => Promise<void>;
  /** The number of the first send, or of the one that has failed already. Default: 1. */
  send?: number;
  /** The receipt by which that send has failed already. */
  refusal?: RunReceipt;
}

/** One run: its state, the signals, updates and queries by which operators see and change it, and how its steps run. */
export class Run {
  readonly #status: Status = { state: 'considering', tries: 0 };
  readonly #onParked: RunOptions['onParked'];
  readonly #receipts: Receipts;
  /** The number of the next or the running send. */
  #sendNumber: number;
  /** How many times the run was parked, or earlier sends under its id. */
  #parked = 0;
  #isReleased = false;
  #isMarkedSent = false;
  /** The send in progress. */
  #send: CancellationScope | undefined;
  /** Set at the end of the run. */
  #reply: Outcome['reply'] | undefined;

  constructor({ gateway, onParked, send = 1, refusal }: RunOptions) {
    this.#onParked = onParked;
    this.#receipts = new Receipts(gateway);
    if (refusal) this.#receipts.note(refusal);
    this.#sendNumber = isReset() ? firstSendAfterReset() : send;
    this.#parked = this.#sendNumber - 1;
    setHandler(receipt, (one) => this.#receipts.note(one));
    setHandler(status, () => this.#status);
    setHandler(retryReply, () => this.#release());
    setHandler(retryReplyNow, () => this.#releaseAndWait(), { validator: () => this.#requireReply() });
    setHandler(markReplySent, () => {
      this.#isMarkedSent = true;
      this.#send?.cancel();
    });
  }

  /** Considers the message. After each failure the run is parked for up to `parkMs`. */
  async consider<Result>(step: () => Promise<Result>, parkMs: number): Promise<Result | 'marked-sent'> {
    for (;;) {
      const result = await this.#attempt('considering', step);
      if (!isFailed(result)) return result;
      if (!this.#isMarkedSent) await this.#park(result, parkMs);
      if (this.#isMarkedSent) return 'marked-sent';
    }
  }

  /**
   * Sends the reply. After each failure the run is parked for up to `parkMs`, until an operator releases it, or a
   * receipt says what became of the send.
   *
   * @param failed the reply has failed already
   */
  async send(step: Send, parkMs: number, failed?: FailedStep): Promise<ReplyResult | 'marked-sent'> {
    let result: ReplyResult | FailedStep | undefined = failed;
    while (!this.#isMarkedSent) {
      result ??= await this.#attempt('sending', () => step(this.#sendNumber));
      const outcome = this.#receipts.outcomeOf(this.#sendNumber, result);
      if (!isFailed(outcome)) return outcome;
      const isChanged = () => changes(this.#receipts.outcomeOf(this.#sendNumber, outcome), outcome);
      if (this.#isMarkedSent) break;
      if ((await this.#park(outcome, parkMs, isChanged)) === 'released') {
        this.#sendNumber++;
        result = undefined;
      } else if (isFailed(result)) result = { ...result, tries: 0 };
    }
    return 'marked-sent';
  }

  /** Records the verdict, which the status query and the outcome show. */
  considered(verdict: Verdict): void {
    this.#status.verdict = verdict;
  }

  /** Ends the run with the outcome of its reply, once all updates have returned. */
  async end<Result extends Pick<Outcome, 'reply'>>(result: Result): Promise<{ verdict?: Verdict } & Result> {
    this.#reply = result.reply;
    this.#status.state = 'done';
    report(result);
    const { verdict, parkedAs } = this.#status;
    const isSkipped = result.reply === 'skipped';
    if (parkedAs || isSkipped) upsertSearchAttributes([{ key: replyState, value: isSkipped ? 'skipped' : null }]);
    if (parkedAs) setCurrentDetails('');
    await condition(allHandlersFinished);
    return { ...(verdict && { verdict }), ...result };
  }

  /** Runs a step once. `markReplySent` cancels a send, and lets `consider` end. */
  async #attempt<Result>(state: 'considering' | 'sending', step: () => Promise<Result>): Promise<Result | FailedStep> {
    this.#status.state = state;
    try {
      if (state === 'considering') return await step();
      this.#send = new CancellationScope();
      return await this.#send.run(step);
    } catch (error) {
      if (!(error instanceof TemporalFailure) || (isCancellation(error) && !this.#isMarkedSent)) throw error;
      return state === 'considering' ? readConsiderFailure(error, isReset()) : readSendFailure(error);
    } finally {
      this.#send = undefined;
    }
  }

  /** Parks the run until an operator releases it or marks it as sent, or a receipt changes its outcome. */
  async #park(
    failed: FailedStep,
    parkMs: number,
    isChanged: () => boolean = () => false,
  ): Promise<'released' | 'changed'> {
    const parked = this.#status;
    parked.state = 'parked';
    parked.parkedAs = failed.parkedAs;
    parked.lastFailure = failed.reason;
    parked.lastFailureAt = new Date().toISOString();
    parked.tries += failed.tries;
    upsertSearchAttributes([{ key: replyState, value: failed.parkedAs }]);
    setCurrentDetails(parkedDetails(parked));
    replies.onReply(failed.parkedAs);
    this.#tell(failed, parked.lastFailureAt);
    if (!(await condition(() => this.#isReleased || this.#isMarkedSent || isChanged(), parkMs))) {
      replies.onReply('expired');
      throw expired(failed);
    }
    // A receipt that came with the release says that there is nothing to send again.
    const by = isChanged() || !this.#isReleased ? 'changed' : 'released';
    this.#isReleased = false;
    return by;
  }

  #tell({ parkedAs, reason, number }: FailedStep, at: string): void {
    const { label } = this.#status.verdict ?? {};
    const parked = { parkedAs, reason, time: ++this.#parked, at, ...(label !== undefined && { label }) };
    // It ends with the run, if no worker has taken it by then.
    this.#onParked(parked, number).catch(() => {});
  }

  #release(): void {
    if (this.#status.state === 'parked') this.#isReleased = true;
  }

  async #releaseAndWait(): Promise<RetryResult> {
    this.#release();
    const awaitsRelease = () => this.#status.state === 'parked' && !this.#isReleased;
    await condition(() => this.#reply !== undefined || awaitsRelease(), updateWaitMs);
    return { reply: this.#reply ?? (awaitsRelease() ? this.#status.parkedAs : undefined) ?? 'still trying' };
  }

  #requireReply(): void {
    const { state } = this.#status;
    if (state !== 'parked' && state !== 'sending') throw new Error('There is no reply to retry');
  }
}

/**
 * Returns the number of the first send of a run that began with a reset. The sends of the run before had numbers, too,
 * and their marks must not be used again.
 */
const firstSendAfterReset = (): number => 100 + (parseInt(workflowInfo().runId.slice(-4), 16) % 900);

/** Whether a receipt has changed the outcome of a send that is parked. */
const changes = (outcome: ReplyResult | FailedStep, parked: FailedStep): boolean =>
  !isFailed(outcome) || outcome.parkedAs !== parked.parkedAs;

function report(result: { reply: Outcome['reply']; reason?: SilenceReason; by?: 'operator' | 'provider' }): void {
  if (result.reply === 'skipped') replies.onReply('skipped', result.reason);
  else replies.onReply(result.by ? 'marked-sent' : result.reply);
}

function expired({ parkedAs, reason }: FailedStep): ApplicationFailure {
  const type = parkedAs === 'failed' ? failureTypes.replyFailed : failureTypes.replyUncertain;
  return ApplicationFailure.nonRetryable(`no operator released the reply in time: ${reason}`, type);
}
