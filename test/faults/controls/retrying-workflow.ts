import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../../src/activities/index.js';
import type { InboundMessage } from '../../../src/domain/message.js';

/** Every retry that Temporal offers, as most samples do it. */
const { sendReply } = proxyActivities<Activities>({ startToCloseTimeout: '3s' });

export async function answerMessage(message: InboundMessage): Promise<unknown> {
  return sendReply(message, 'Thank you.', {
    firstRunId: workflowInfo().firstExecutionRunId,
    send: 1,
    maxAgeMs: 86_400_000,
    startedAtMs: 0,
  });
}
