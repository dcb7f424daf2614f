import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../src/activities/index.js';
import type { InboundMessage } from '../../src/domain/message.js';

const { considerByModel, sendReply } = proxyActivities<Activities>({ startToCloseTimeout: '15s' });

/** A workflow that must never be deployed: it replies before it labels. */
export async function answerMessage(message: InboundMessage): Promise<unknown> {
  const sent = await sendReply(message, 'Thank you!', {
    firstRunId: workflowInfo().firstExecutionRunId,
    send: 1,
    maxAgeMs: 1,
    startedAtMs: 0,
  });
  return { ...sent, verdict: await considerByModel(message) };
}
