import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import {
  type Outbound,
  type OutboundReply,
  ReplyMaybeSentError,
  ReplyNotSentError,
  ReplyRejectedError,
  type SentReply,
} from '../gateways/gateway.js';
import type { Log } from '../log/log.js';
import type { Despite } from '../domain/decision.js';
import { markOf } from '../domain/mark.js';
import { type InboundMessage, receivedAtMs } from '../domain/message.js';
import { failureTypes } from '../domain/names.js';
import { refusedAsOptedOut } from '../domain/receipt.js';
import { replyBackoff } from '../domain/waiting.js';
import { type FailureDetails, replyFailure } from './failures.js';
import { failuresSoFar, wasMaybeSentBefore } from './failures-so-far.js';
import { type Ask, type AskedContacts, type AskedLimits, type Refusal, refusalOf } from './refusal.js';

export interface SendReplyOptions {
  /** The gateway that brought the message. */
  outbound: Outbound;
  /**
   * How long a reply that was certainly not sent is retried, counted from its first failure; waiting for a limit
   * doesn't count.
   */
  replyRetryForMs: number;
  /**
   * When Temporal was restored from a backup, in Unix milliseconds. It has forgotten replies to older messages. Absent:
   * it was not restored.
   */
  restoredAtMs?: number | undefined;
  /**
   * Tells whether an operator asked for a send after the reset that began this run, or since a time in Unix
   * milliseconds. After a reset Temporal applies earlier signals again, a restore brings back those that had been
   * acted on, and the workflow can't tell them from new ones.
   */
  isAskedSince: (workflowId: string, runId: string, since: 'reset' | number) => Promise<boolean>;
  /** Asks all that follows. */
  ask: Ask;
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
  /** Whether the worker of an earlier try was lost during the send. */
  wasMaybeSent?: boolean;
}

/**
 * The result of a send; `delivered` only by a receipt. Only JSON primitives: if encoding the result failed, Temporal
 * would run the send again.
 */
export type ReplyResult =
  | { reply: 'sent' | 'delivered'; gatewayMessageId?: string }
  | { reply: 'skipped'; reason: 'too-late' | Refusal }
  | typeof refusedAsOptedOut;

/**
 * Creates the activity that sends a reply, at most once: Temporal retries it only when the reply was certainly not
 * sent.
 */
export function createSendReply({ outbound, replyRetryForMs, ask, log, ...asked }: SendReplyOptions) {
  return async function sendReply(
    message: InboundMessage,
    text: string,
    authority: SendAuthority,
  ): Promise<ReplyResult> {
    const { info, cancellationSignal } = Context.current();
    const { workflowId: guid = 'unknown', runId = authority.firstRunId } = info.workflowExecution ?? {};
    const { attempt } = info;
    const wasLost = authority.wasMaybeSent ?? false;
    const failureOf = (error: unknown) => {
      const { firstFailedAtMs, wasMaybeSent } = failuresSoFar(wasLost || error instanceof ReplyMaybeSentError);
      const window = { firstFailedAtMs, windowMs: replyRetryForMs, maxWaitMs: replyBackoff.maxWaitMs };
      const failure = replyFailure(error, window, { attempt, wasMaybeSent });
      log.warn({ event: 'reply.failed', guid, attempt, type: failure.type }, `Auto-reply failed: ${failure.message}`);
      return failure;
    };
    const obstacle = await ask(() =>
      obstacleOf(message, { workflowId: guid, runId, scheduledAtMs: info.scheduledTimestampMs, ...authority }, asked),
    ).catch((cause: unknown) => {
      throw failureOf(couldNotAsk(cause));
    });
    if (obstacle && isHeld(obstacle)) {
      log.warn({ event: 'reply.held', guid, type: obstacle }, `Auto-reply not sent: ${heldReasons[obstacle]}`);
      throw held(obstacle, { attempt });
    }
    if (obstacle && (wasLost || wasMaybeSentBefore()))
      throw failureOf(new ReplyMaybeSentError(`Maybe sent by an earlier try, which is not repeated: ${obstacle}`));
    if (obstacle) return { reply: 'skipped', reason: obstacle };
    try {
      const sent = await sendOrLookUp(
        outbound,
        outboundReplyOf(message, text, { workflowId: guid, ...authority }),
        cancellationSignal,
      );
      log.info({ event: 'reply.sent', guid, attempt, ...sent }, 'Auto-reply sent successfully');
      return { reply: 'sent', ...sent };
    } catch (error) {
      const failure = failureOf(error);
      const isOptedOut = error instanceof ReplyRejectedError && error.number === 'opted-out';
      // Not after a try that may have sent it: an operator must know.
      if (isOptedOut && failure.type === failureTypes.replyFailed) return refusedAsOptedOut;
      throw failure;
    }
  };
}

/** Each try waits as long as the first: Temporal's outages say nothing about the gateway. */
const couldNotAsk = (cause: unknown) =>
  new ReplyNotSentError('Temporal could not be asked about the sender', {
    cause,
    retryAfterMs: replyBackoff.firstWaitMs,
  });

/** Why a reply may have been sent already, although this run has no record of it. */
const heldReasons = {
  reset: 'the run was reset: an earlier run may have sent the reply',
  restored: 'the message is from before RESTORED_AT: its reply may have been sent already',
} as const;
type Held = keyof typeof heldReasons;

const isHeld = (obstacle: string): obstacle is Held => obstacle in heldReasons;

/** Returns why a reply is not sent now. Undefined: send it. */
async function obstacleOf(
  message: InboundMessage,
  {
    runId,
    scheduledAtMs,
    ...authority
  }: SendAuthority & { workflowId: string; runId: string; /** Before its first try. */ scheduledAtMs: number },
  {
    restoredAtMs = -Infinity,
    isAskedSince,
    contacts,
    limits,
  }: Pick<SendReplyOptions, 'restoredAtMs' | 'isAskedSince' | 'contacts' | 'limits'>,
): Promise<Held | 'too-late' | Refusal | undefined> {
  const isReset = runId !== authority.firstRunId;
  const isReleased = authority.send > 1;
  const isReleasedSince = async (since: 'reset' | number) =>
    isReleased && (await isAskedSince(authority.workflowId, runId, since));
  if (isReset && !(await isReleasedSince('reset'))) return 'reset';
  if (!isReleased && Date.now() - receivedAtMs(message) > authority.maxAgeMs) return 'too-late';
  // A send that an operator released before the backup may have ended after it.
  const isFromBefore = receivedAtMs(message) < restoredAtMs;
  if (isFromBefore && (scheduledAtMs < restoredAtMs || !(await isReleasedSince(restoredAtMs)))) return 'restored';
  return refusalOf(message, { isReleased, ...authority }, { contacts, limits });
}

/** An operator who releases an old reply wants it to be sent now. */
const releasedValidForMs = 3_600_000;

function outboundReplyOf(
  message: InboundMessage,
  text: string,
  { workflowId, send, maxAgeMs, despite }: SendAuthority & { workflowId: string },
): OutboundReply {
  return {
    to: message.from,
    from: message.to,
    line: message.line,
    text,
    mark: markOf({ workflowId, send }),
    validForMs: send > 1 ? releasedValidForMs : receivedAtMs(message) + maxAgeMs - Date.now(),
    isUrgent: despite === 'anything' || despite === 'pause',
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

const held = (why: Held, details: FailureDetails): ApplicationFailure =>
  ApplicationFailure.nonRetryable(heldReasons[why], failureTypes.replyHeld, details);
