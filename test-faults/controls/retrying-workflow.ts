import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../src/activities/index.js';
import type { InboundMessage, Verdict } from '../../src/message.js';

const { classify } = proxyActivities<Activities>({ startToCloseTimeout: '20s' });
/** Every retry that Temporal offers, as most samples do it. */
const { sendReply } = proxyActivities<Activities>({ startToCloseTimeout: '3s' });

export async function answerMessage(message: InboundMessage): Promise<unknown> {
  const verdict = (await classify(message)) as Verdict;
  return sendReply(message, verdict.answer ?? 'Thank you.', { firstRunId: workflowInfo().firstExecutionRunId, released: false });
}
