import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Gateway, type OutboundReply, ReplyMaybeSentError, ReplyNotSentError, type SentReply } from '../gateways/gateway.js';
import type { Log } from '../log.js';
import type { InboundMessage } from '../message.js';
import { failureTypes, longestReplyWaitMs } from '../temporal/contract.js';
import { type FailureDetails, replyFailure } from './failures.js';
import { firstFailedAtMs } from './first-failure.js';
import type { InTurn } from './in-turn.js';

export interface SendReplyDependencies {
  gateway: Gateway;
  /** A message older than this is not answered by itself any more. */
  replyMaxAgeMs: number;
  /** How long a reply that surely was not sent is tried, counted from its first failure: waiting its turn is no failure. */
  replyRetryForMs: number;
  /** As in the verdict, for what was judged or parked before there was a limit. */
  sendsOn?: string | undefined;
  /**
   * Whether an operator has asked for a send after this run began by a reset. What was asked before is in its history too, and
   * re-applied signals look like new ones to the workflow.
   */
  isAskedSinceReset: (workflowId: string, runId: string) => Promise<boolean>;
  log: Log;
}

/** What a run knows of its right to send. The workflow only hands it on, so that every replay takes the same way. */
export interface SendAuthority {
  /** The message's first run. Another run is a reset one, and the one before may have sent. */
  firstRunId: string;
  /** Whether an operator asked for this send: then no age is too late. */
  released: boolean;
}

/** Only JSON primitives: a result that cannot be encoded would make Temporal send again. */
export type ReplyResult = { reply: 'sent'; gatewayMessageId?: string } | { reply: 'skipped'; reason: 'too-late' };

/** Sends the reply to a message, at most once: only what surely was not sent fails in a way that Temporal retries. */
export function createSendReply({ gateway, replyMaxAgeMs, replyRetryForMs, sendsOn, isAskedSinceReset, log }: SendReplyDependencies) {
  return async function sendReply(message: InboundMessage, text: string, authority: SendAuthority): Promise<ReplyResult | InTurn> {
    const { info, cancellationSignal } = Context.current();
    const { workflowId: guid = 'unknown', runId = authority.firstRunId } = info.workflowExecution ?? {};
    const details = { attempt: info.attempt };
    const isReset = runId !== authority.firstRunId;
    if (isReset && !(authority.released && (await isAskedSinceReset(guid, runId)))) {
      log.warn({ event: 'reply.held', guid }, 'Auto-reply held back: the run was reset, and the one before may have sent it');
      throw held(details);
    }
    if (!authority.released && Date.now() - Date.parse(message.acceptedAt) > replyMaxAgeMs) {
      log.info({ event: 'reply.skipped', guid, reason: 'too-late' }, 'Auto-reply skipped: the message is too old');
      return { reply: 'skipped', reason: 'too-late' };
    }
    if (sendsOn !== undefined && info.taskQueue !== sendsOn) return { askOn: sendsOn };
    try {
      const sent = await sendOrLookUp({ to: message.number, text, idempotencyKey: `${guid}:reply` }, cancellationSignal);
      log.info({ event: 'reply.sent', guid, attempt: info.attempt, ...sent }, 'Auto-reply sent successfully');
      return { reply: 'sent', ...sent };
    } catch (error) {
      const window = { firstFailedAtMs: firstFailedAtMs(), windowMs: replyRetryForMs, longestWaitMs: longestReplyWaitMs };
      const failure = replyFailure(error, window, details);
      log.warn({ event: 'reply.failed', guid, attempt: info.attempt, type: failure.type }, `Auto-reply failed: ${failure.message}`);
      throw failure;
    }
  };

  /** Where a gateway can be asked about a send that nobody knows of, its answer counts. */
  async function sendOrLookUp(reply: OutboundReply, signal: AbortSignal): Promise<SentReply> {
    try {
      return await gateway.send(reply, signal);
    } catch (error) {
      if (!(error instanceof ReplyMaybeSentError) || !gateway.lookUp) throw error;
      const found = await gateway.lookUp(reply, signal).catch(() => 'unknown' as const);
      if (found === 'unknown') throw error;
      if (found === 'not sent') throw new ReplyNotSentError(error.message, { cause: error });
      return found;
    }
  }
}

function held(details: FailureDetails): ApplicationFailure {
  return ApplicationFailure.nonRetryable('the run was reset: a reply may have gone out before', failureTypes.replyHeld, details);
}
