import { ApplicationFailure, CancellationScope, condition, isCancellation, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { ReplyResult, SendAuthority } from '../activities/send-reply.js';
import { failureTypes, replyState } from '../temporal/contract.js';
import { measure } from './measure.js';
import { markReplySent, retryReply, retryReplyNow, status, type Status } from './operators.js';
import { parkedDetails } from './parked-details.js';
import { type FailedReply, readReplyFailure } from './reply-failure.js';

/** What this workflow knows of its right to send. */
type Authority = Omit<SendAuthority, 'firstRunId'>;

/** A reply that is out, or that an operator says is. */
export type DeliveryResult = ReplyResult | { reply: 'sent'; by: 'operator' };

/** How long an update waits for its outcome; its client gives up after a minute. */
const updateWaitMs = 55_000;

/** Takes the operators' wishes from the first moment of the run, and brings the reply out. */
export function createDelivery() {
  const current: Status = { state: 'classifying', tries: 0 };
  let released = false;
  let markedSent = false;
  let sending: CancellationScope | undefined;
  let result: DeliveryResult | undefined;

  function release(): void {
    if (current.state === 'parked') released = true;
  }

  const isWaiting = () => current.state === 'parked' && !released;

  async function releaseAndWait() {
    release();
    await condition(() => result !== undefined || isWaiting(), updateWaitMs);
    return { reply: result?.reply ?? (isWaiting() ? current.parkedAs : undefined) ?? ('still trying' as const) };
  }

  setHandler(status, () => current);
  setHandler(retryReply, release);
  setHandler(markReplySent, () => {
    markedSent = true;
    sending?.cancel();
  });
  setHandler(retryReplyNow, releaseAndWait, {
    validator: () => {
      if (current.state !== 'parked' && current.state !== 'sending') throw new Error('There is no reply to retry');
    },
  });

  /** Sends until the reply is out; parks in between, for up to `parkMs` after each failure. */
  async function deliver(send: (authority: Authority) => Promise<ReplyResult>, parkMs: number): Promise<DeliveryResult> {
    for (let first = true; !markedSent; first = false) {
      const attempt = await trySend(() => send({ released: !first }));
      if ('reply' in attempt) return attempt;
      if (markedSent) break;
      park(attempt);
      if (!(await condition(() => released || markedSent, parkMs))) {
        measure.reply('expired');
        throw expired(attempt);
      }
      released = false;
    }
    return { reply: 'sent', by: 'operator' };
  }

  async function trySend(send: () => Promise<ReplyResult>): Promise<ReplyResult | FailedReply> {
    current.state = 'sending';
    try {
      sending = new CancellationScope();
      return await sending.run(send);
    } catch (error) {
      if (isCancellation(error) && !markedSent) throw error;
      return readReplyFailure(error);
    } finally {
      sending = undefined;
    }
  }

  function park(failed: FailedReply): void {
    current.state = 'parked';
    current.parkedAs = failed.as;
    current.lastFailure = failed.what;
    current.lastFailureAt = new Date().toISOString();
    current.tries += failed.tries;
    upsertSearchAttributes([{ key: replyState, value: failed.as }]);
    setCurrentDetails(parkedDetails(current));
    measure.reply(failed.as);
  }

  return {
    /** Told to operators while the reply is under way. */
    classified(verdict: NonNullable<Status['verdict']>): void {
      current.verdict = verdict;
    },

    async run(send: (authority: Authority) => Promise<ReplyResult>, parkMs: number): Promise<DeliveryResult> {
      result = await deliver(send, parkMs);
      current.state = 'done';
      count(result);
      if (current.parkedAs) {
        upsertSearchAttributes([{ key: replyState, value: null }]);
        setCurrentDetails('');
      }
      return result;
    },
  };
}

function count(result: DeliveryResult): void {
  if (result.reply === 'skipped') measure.reply('skipped', result.reason);
  else measure.reply('by' in result ? 'marked-sent' : 'sent');
}

function expired(failed: FailedReply): ApplicationFailure {
  const type = failed.as === 'failed' ? failureTypes.replyFailed : failureTypes.replyUncertain;
  return ApplicationFailure.nonRetryable(`no operator released the reply in time: ${failed.what}`, type);
}
