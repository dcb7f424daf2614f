import { type ActivityOptions, allHandlersFinished, condition, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { SendAuthority } from '../activities/send-reply.js';
import type { InboundMessage, SilenceReason, Verdict } from '../message.js';
import { longestReplyWaitMs } from '../temporal/contract.js';
import { createDelivery, type DeliveryResult } from './delivery.js';
import { inTurn } from './in-turn.js';
import { measure } from './measure.js';
import { decide } from './policy.js';

/** What became of a message: shown as the run's result in Temporal Web UI. */
export type Outcome = { verdict: Pick<Verdict, 'label' | 'by'> } & (DeliveryResult | { reply: 'skipped'; reason: SilenceReason });

const classifyOptions = {
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
} satisfies ActivityOptions;

const sendOptions = {
  startToCloseTimeout: '15s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: {
    initialInterval: '2s',
    backoffCoefficient: 2,
    maximumInterval: longestReplyWaitMs,
    // A send that was cut in the middle may have reached the gateway: never again by itself.
    nonRetryableErrorTypes: ['TemporalTimeout:StartToClose', 'WorkerShutdown'],
  },
} satisfies ActivityOptions;

const activitiesOn = (taskQueue: string | undefined, options: ActivityOptions) =>
  proxyActivities<Activities>({ ...options, ...(taskQueue === undefined ? {} : { taskQueue }) } satisfies ActivityOptions);

/** Answers one inbound message: classify, decide, reply. One run per GUID. */
export async function answerMessage(message: InboundMessage): Promise<Outcome> {
  const delivery = createDelivery();
  const verdict = await inTurn((queue) => activitiesOn(queue, classifyOptions).classify(message));
  const { label, by, parkMs, sendsOn } = verdict;
  delivery.classified({ label, by });
  const decision = decide(message, verdict);
  if (decision.kind === 'silent') {
    measure.reply('skipped', decision.reason);
    return { verdict: { label, by }, reply: 'skipped', reason: decision.reason };
  }

  const { firstExecutionRunId } = workflowInfo();
  const send = (authority: Omit<SendAuthority, 'firstRunId'>) =>
    inTurn((queue) => activitiesOn(queue, sendOptions).sendReply(message, decision.text, { ...authority, firstRunId: firstExecutionRunId }), authority.released ? undefined : sendsOn);
  const result = await delivery.run(send, parkMs);
  await condition(allHandlersFinished);
  return { verdict: { label, by }, ...result };
}
