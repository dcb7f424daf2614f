import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import {
  type Outbound,
  type OutboundReply,
  ReplyMaybeSentError,
  ReplyNotSentError,
  type SentReply,
} from '../gateways/gateway.js';
import type { Log } from '../log/log.js';
import type { Despite } from '../domain/decision.js';
import type { InboundMessage } from '../domain/message.js';
import { failureTypes } from '../domain/names.js';
import { replyBackoff } from '../domain/waiting.js';
import { type FailureDetails, replyFailure } from './failures.js';
import { firstFailedAtMs } from './first-failure.js';
import { type AskedContacts, type AskedLimits, type Refusal, refusalOf } from './refusal.js';

export interface SendReplyOptions {
  /** The gateway that brought the message. */
  outbound: Outbound;
  /**
   * How long a reply that was certainly not sent is retried, counted from its first failure; waiting for a limit
   * doesn't count.
   */
  replyRetryForMs: number;
  /**
   * Tells whether an operator asked for a send after the reset that began this run. Temporal applies earlier signals
   * again after a reset, and the workflow can't tell them from new ones.
   */
  isAskedSinceReset: (workflowId: string, runId: string) => Promise<boolean>;
  /** Asked right before each try. */
  contacts: AskedContacts;
  /** Asked after the contacts. Both count the reply when they allow it. */
  limits: AskedLimits;
  log: Log;
}

/** The facts that decide whether a run may send. The workflow only passes them on; the activity decides. */
export interface SendAuthority {
  /**
   * Which deliberate send of the message this is, from 1. An operator asked for the later ones; the age of the message
   * doesn't matter for them.
   */
  send: number;
  /** A message older than this gets no automatic reply, in milliseconds. */
  maxAgeMs: number;
  /**
   * The id of the message's first run. Any other run began with a reset, and an earlier run may have sent the reply.
   */
  firstRunId: string;
  /** When the run began. */
  startedAtMs: number;
  /** What it is sent in spite of. */
  despite?: Despite;
}

/** The result of a send. Only JSON primitives: if encoding the result failed, Temporal would run the send again. */
export type ReplyResult =
  { reply: 'sent'; gatewayMessageId?: string } | { reply: 'skipped'; reason: 'too-late' | Refusal };

/**
 * Creates the activity that sends a reply, at most once: Temporal retries it only when the reply was certainly not
 * sent.
 */
export function createSendReply({
  outbound,
  replyRetryForMs,
  isAskedSinceReset,
  contacts,
  limits,
  log,
}: SendReplyOptions) {
  return async function sendReply(
    message: InboundMessage,
    text: string,
    authority: SendAuthority,
  ): Promise<ReplyResult> {
    const { info, cancellationSignal } = Context.current();
    const { workflowId: guid = 'unknown', runId = authority.firstRunId } = info.workflowExecution ?? {};
    const details = { attempt: info.attempt };
    const isReset = runId !== authority.firstRunId;
    const isReleased = authority.send > 1;
    if (isReset && !(isReleased && (await isAskedSinceReset(guid, runId)))) {
      log.warn(
        { event: 'reply.held', guid },
        'Auto-reply not sent: the run was reset, and an earlier run may have sent it',
      );
      throw held(details);
    }
    if (!isReleased && Date.now() - Date.parse(message.acceptedAt) > authority.maxAgeMs) {
      return { reply: 'skipped', reason: 'too-late' };
    }
    const reason = await refusalOf(message, { workflowId: guid, isReleased, ...authority }, { contacts, limits });
    if (reason) return { reply: 'skipped', reason };
    try {
      const sent = await sendOrLookUp(
        outbound,
        { to: message.from, text, mark: `${guid}.${authority.send}` },
        cancellationSignal,
      );
      log.info({ event: 'reply.sent', guid, attempt: info.attempt, ...sent }, 'Auto-reply sent successfully');
      return { reply: 'sent', ...sent };
    } catch (error) {
      const window = {
        firstFailedAtMs: firstFailedAtMs(),
        windowMs: replyRetryForMs,
        maxWaitMs: replyBackoff.maxWaitMs,
      };
      const failure = replyFailure(error, window, details);
      log.warn(
        { event: 'reply.failed', guid, attempt: info.attempt, type: failure.type },
        `Auto-reply failed: ${failure.message}`,
      );
      throw failure;
    }
  };
}

/** Sends, and asks the gateway about a send with an unknown outcome when it supports that. */
async function sendOrLookUp(outbound: Outbound, reply: OutboundReply, signal: AbortSignal): Promise<SentReply> {
  try {
    return await outbound.send(reply, signal);
  } catch (error) {
    if (!(error instanceof ReplyMaybeSentError) || !outbound.lookUp) throw error;
    const found = await outbound.lookUp(reply, signal).catch(() => 'unknown' as const);
    if (found === 'unknown') throw error;
    if (found === 'not sent') throw new ReplyNotSentError(error.message, { cause: error });
    return found;
  }
}

function held(details: FailureDetails): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'the run was reset: an earlier run may have sent the reply',
    failureTypes.replyHeld,
    details,
  );
}
