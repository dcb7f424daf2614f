import { ActivityFailure, ApplicationFailure, isCancellation, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { InboundMessage, SilenceReason, Verdict } from '../message.js';
import { failureTypes, longestReplyWaitMs } from '../temporal/contract.js';
import { decide } from './policy.js';

/** What became of a message: shown as the run's result in Temporal Web UI. */
export type Outcome = { verdict: Pick<Verdict, 'label' | 'by'> } & (
  | { reply: 'sent'; gatewayMessageId?: string }
  | { reply: 'skipped'; reason: SilenceReason }
);

const { classify } = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
} satisfies ActivityOptions);

const { sendReply } = proxyActivities<Activities>({
  startToCloseTimeout: '15s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: {
    initialInterval: '2s',
    backoffCoefficient: 2,
    maximumInterval: longestReplyWaitMs,
    // A send that was cut in the middle may have reached the gateway: never again by itself.
    nonRetryableErrorTypes: ['TemporalTimeout:StartToClose', 'WorkerShutdown'],
  },
} satisfies ActivityOptions);

/** Answers one inbound message: classify, decide, reply. One run per GUID. */
export async function answerMessage(message: InboundMessage): Promise<Outcome> {
  const { label, by, ...answer } = await classify(message);
  const verdict = { label, by };
  const decision = decide(message, { label, by, ...answer });
  if (decision.kind === 'silent') return { verdict, reply: 'skipped', reason: decision.reason };
  return { verdict, ...(await deliver(message, decision.text)) };
}

async function deliver(message: InboundMessage, text: string) {
  try {
    return await sendReply(message, text);
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw asReplyFailure(error);
  }
}

/** A reply that surely did not go out keeps its type; anything else, a timeout or a lost worker too, is uncertain. */
function asReplyFailure(error: unknown): ApplicationFailure {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (cause instanceof ApplicationFailure && cause.type === failureTypes.replyFailed) {
    return ApplicationFailure.nonRetryable('the reply was not sent', failureTypes.replyFailed, cause.message);
  }
  return ApplicationFailure.nonRetryable(
    'the gateway may have taken the reply',
    failureTypes.replyUncertain,
    cause?.message ?? 'unknown',
  );
}
