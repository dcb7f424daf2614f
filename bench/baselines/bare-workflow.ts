import { proxyActivities } from '@temporalio/workflow';
import type { InboundMessage } from '../../src/message.js';
import type { BareActivities } from './bare-activities.js';

const { classify, sendReply } = proxyActivities<BareActivities>({ startToCloseTimeout: '20s' });

/** What Temporal costs: two activities that do nothing, with the payloads of the product. */
export async function bareWorkflow(message: InboundMessage) {
  const { label, by, answer } = await classify(message);
  return { verdict: { label, by }, ...(await sendReply(message, answer)) };
}
