import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../src/activities/index.js';
import type { InboundMessage } from '../../src/message.js';

const { classify, sendReply } = proxyActivities<Activities>({ startToCloseTimeout: '15s' });

/** What nobody may deploy: the reply before the label. */
export async function answerMessage(message: InboundMessage): Promise<unknown> {
  const sent = await sendReply(message, 'Thank you!', { firstRunId: workflowInfo().firstExecutionRunId, released: false });
  return { ...sent, verdict: await classify(message) };
}
