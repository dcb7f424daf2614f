import { proxyActivities } from '@temporalio/workflow';
import type { InboundMessage } from '../../src/domain/message.js';
import type { BareActivities } from './bare-activities.js';

const { classify, sendReply } = proxyActivities<BareActivities>({ startToCloseTimeout: '20s' });

/** The minimum for Temporal: two activities that do nothing, with the payloads of the product. */
export async function bareWorkflow(message: InboundMessage) {
  const { label, by, template } = await classify(message);
  return { verdict: { label, by }, ...(await sendReply(message, template)) };
}
