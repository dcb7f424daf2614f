import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Tell } from '../domain/event.js';
import { eventRun, senderAttribute, taskQueue } from '../domain/names.js';
import type { tellEvent } from '../workflows/tell-event.js';
import type { SenderKey } from './sender-key.js';

/** Without a deadline, a start would wait for ever when the server doesn't respond. */
const startDeadlineMs = 5_000;

export interface CreateTellOptions {
  /** Whether texts are told, and stored with the event. */
  texts: boolean;
  /** Finds the events of a sender, which are erased with the sender's runs. */
  senderKey: SenderKey;
  /** Default: the task queue on which every api starts workflows. */
  workflowQueue?: string;
}

/** Creates the function that tells an event by a workflow, once for each id, however often it is called. */
export function createTell(client: Client, { texts, senderKey, workflowQueue = taskQueue }: CreateTellOptions): Tell {
  return async ({ sender, texts: ofEvent, ...event }) => {
    const key = sender === undefined ? undefined : senderKey(sender);
    try {
      await client.withDeadline(Date.now() + startDeadlineMs, () =>
        client.workflow.start<typeof tellEvent>(eventRun.workflowType, {
          workflowId: eventRun.workflowIdOf(event.id),
          taskQueue: workflowQueue,
          args: [{ ...event, ...(texts && ofEvent && { texts: ofEvent }) }],
          ...(key !== undefined && {
            typedSearchAttributes: [{ key: senderAttribute, value: key }],
            priority: { fairnessKey: key },
          }),
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  };
}

/** Tells nothing: EVENTS_URL is not set. */
export const noTell: Tell = async () => {};
