import { Context } from '@temporalio/activity';
import type { Gateway } from '../gateways/gateway.js';
import type { Log } from '../log.js';
import type { InboundMessage } from '../message.js';
import { longestReplyWaitMs } from '../temporal/contract.js';
import { replyFailure } from './failures.js';

export interface SendReplyDependencies {
  gateway: Gateway;
  /** A message older than this is not answered by itself any more. */
  replyMaxAgeMs: number;
  /** How long a reply that surely was not sent is tried, counted from the first schedule. */
  replyRetryForMs: number;
  log: Log;
}

/** Only JSON primitives: a result that cannot be encoded would make Temporal send again. */
export type ReplyResult = { reply: 'sent'; gatewayMessageId?: string } | { reply: 'skipped'; reason: 'too-late' };

/** Sends the reply to a message, at most once: only what surely was not sent fails in a way that Temporal retries. */
export function createSendReply({ gateway, replyMaxAgeMs, replyRetryForMs, log }: SendReplyDependencies) {
  return async function sendReply(message: InboundMessage, text: string): Promise<ReplyResult> {
    const { info, cancellationSignal } = Context.current();
    const guid = info.workflowExecution?.workflowId;
    if (Date.now() - Date.parse(message.acceptedAt) > replyMaxAgeMs) {
      log.info({ event: 'reply.skipped', guid, reason: 'too-late' }, 'Auto-reply skipped: the message is too old');
      return { reply: 'skipped', reason: 'too-late' };
    }
    try {
      const sent = await gateway.send({ to: message.number, text, idempotencyKey: `${guid}:reply` }, cancellationSignal);
      log.info({ event: 'reply.sent', guid, attempt: info.attempt, ...sent }, 'Auto-reply sent successfully');
      return { reply: 'sent', ...sent };
    } catch (error) {
      const failure = replyFailure(error, {
        firstScheduledAtMs: info.scheduledTimestampMs,
        windowMs: replyRetryForMs,
        longestWaitMs: longestReplyWaitMs,
      });
      log.warn({ event: 'reply.failed', guid, attempt: info.attempt, type: failure.type }, `Auto-reply failed: ${failure.message}`);
      throw failure;
    }
  };
}
