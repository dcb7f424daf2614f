import { Context } from '@temporalio/activity';
import { parkedEvent, type Tell } from '../domain/event.js';
import type { InboundMessage } from '../domain/message.js';

/** What the workflow knows of a parked reply. */
export type Parked = Parameters<typeof parkedEvent>[1] & { label?: string };

/** Creates the activity that tells that a reply is parked. */
export function createTellParked(tell: Tell) {
  return async function tellParked(message: InboundMessage, { label, ...parked }: Parked): Promise<void> {
    const guid = Context.current().info.workflowExecution?.workflowId ?? message.id;
    await tell(parkedEvent({ message, guid, ...(label !== undefined && { label }) }, parked));
  };
}
