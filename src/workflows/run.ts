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
} from '@temporalio/workflow';
import type { Parked } from '../activities/tell-parked.js';
import type { SilenceReason, Verdict } from '../domain/decision.js';
import { failureTypes, replyState } from '../domain/names.js';
import { updateWaitMs } from '../domain/waiting.js';
import type { Outcome } from './outcome.js';
import { type FailedStep, readConsiderFailure, readSendFailure } from './activity-failure.js';
import { isReset } from './is-reset.js';
import { replies } from './observer.js';
import { markReplySent, retryReply, retryReplyNow, type RetryResult, status, type Status } from './signals.js';
import { parkedDetails } from './parked-details.js';

type Step = 'considering' | 'sending';

/** One run: its state, the signals, updates and queries by which operators see and change it, and how its steps run. */
export class Run {
  readonly #status: Status = { state: 'considering', tries: 0 };
  readonly #onParked: (parked: Parked) => Promise<void>;
  #releases = 0;
  /** How many times the run was parked. */
  #parked = 0;
  #isReleased = false;
  #isMarkedSent = false;
  /** The send in progress. */
  #send: CancellationScope | undefined;
  /** Set at the end of the run. */
  #reply: Outcome['reply'] | undefined;

  /** @param onParked called each time the run is parked; the run doesn't wait for it */
  constructor(onParked: (parked: Parked) => Promise<void>) {
    this.#onParked = onParked;
    setHandler(status, () => this.#status);
    setHandler(retryReply, () => this.#release());
    setHandler(retryReplyNow, () => this.#releaseAndWait(), { validator: () => this.#requireReply() });
    setHandler(markReplySent, () => {
      this.#isMarkedSent = true;
      this.#send?.cancel();
    });
  }

  /**
   * Runs a step until it succeeds. After each failure the run is parked for up to `parkMs`.
   *
   * @param step gets the number of the deliberate send: 1, and one more after each release
   */
  async until<Result>(
    state: Step,
    step: (send: number) => Promise<Result>,
    parkMs: number,
  ): Promise<Result | 'marked-sent'> {
    while (!(this.#isMarkedSent && state === 'sending')) {
      const result = await this.#attempt(state, step);
      if (!isFailed(result)) return result;
      if (!this.#isMarkedSent) await this.#park(result, parkMs);
      if (this.#isMarkedSent) break;
      // An operator who releases a message to be considered again has not asked for a send.
      if (state === 'sending') this.#releases++;
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
  async #attempt<Result>(state: Step, step: (send: number) => Promise<Result>): Promise<Result | FailedStep> {
    this.#status.state = state;
    try {
      if (state === 'considering') return await step(this.#releases + 1);
      this.#send = new CancellationScope();
      return await this.#send.run(() => step(this.#releases + 1));
    } catch (error) {
      if (!(error instanceof TemporalFailure) || (isCancellation(error) && !this.#isMarkedSent)) throw error;
      return state === 'considering' ? readConsiderFailure(error, isReset()) : readSendFailure(error);
    } finally {
      this.#send = undefined;
    }
  }

  /** Parks the run until an operator releases it or marks it as sent. */
  async #park(failed: FailedStep, parkMs: number): Promise<void> {
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
    if (!(await condition(() => this.#isReleased || this.#isMarkedSent, parkMs))) {
      replies.onReply('expired');
      throw expired(failed);
    }
    this.#isReleased = false;
  }

  #tell({ parkedAs, reason }: FailedStep, at: string): void {
    const { label } = this.#status.verdict ?? {};
    const parked = { parkedAs, reason, time: ++this.#parked, at, ...(label !== undefined && { label }) };
    // It ends with the run, if no worker has taken it by then.
    this.#onParked(parked).catch(() => {});
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

function isFailed<Result>(result: Result | FailedStep): result is FailedStep {
  return typeof result === 'object' && result !== null && 'parkedAs' in result;
}

function report(result: { reply: Outcome['reply']; reason?: SilenceReason; by?: 'operator' }): void {
  if (result.reply === 'skipped') replies.onReply('skipped', result.reason);
  else replies.onReply(result.by ? 'marked-sent' : 'sent');
}

function expired({ parkedAs, reason }: FailedStep): ApplicationFailure {
  const type = parkedAs === 'failed' ? failureTypes.replyFailed : failureTypes.replyUncertain;
  return ApplicationFailure.nonRetryable(`no operator released the reply in time: ${reason}`, type);
}
