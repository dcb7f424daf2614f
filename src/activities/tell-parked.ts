import { Context } from '@temporalio/activity';
import { parkedEvent, type Tell } from '../domain/event.js';
import type { InboundMessage } from '../domain/message.js';

/** A reply that waits for an operator. */
export interface ParkedReply {
  parkedAs: 'failed' | 'uncertain';
  /** Why, without text and number. */
  reason: string;
  /** How many times the run was parked so far, from 1. */
  time: number;
  /** ISO 8601. */
  at: string;
  /** Absent when the message could not be considered. */
  label?: string;
}

/** Creates the activity that tells about a parked reply. */
export function createTellParked({ tell }: { tell: Tell }) {
  return async function tellParked(message: InboundMessage, { label, ...parked }: ParkedReply): Promise<void> {
    const guid = Context.current().info.workflowExecution?.workflowId ?? 'unknown';
    await tell(parkedEvent({ message, guid, ...(label !== undefined && { label }) }, parked));
  };
}
