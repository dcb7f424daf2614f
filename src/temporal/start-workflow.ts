import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { LRUCache } from 'lru-cache';
import type { InboundMessage } from '../message.js';
import type { answerMessage } from '../workflows/answer-message.js';
import { taskQueue as answerbackQueue, workflowType } from './contract.js';
import type { FairnessKey } from './fairness-key.js';
import { grpcCode, grpcCodeOf } from './grpc-code.js';
import { workflowIdFor } from './workflow-id.js';

export type StartOutcome = 'started' | 'duplicate';

/** Starts the workflow of a message, or finds that it has been started before. */
export type StartWorkflow = (message: InboundMessage) => Promise<StartOutcome>;

/** The same; tells how long after its acceptance each message had its run. */
export function measuredStart(startWorkflow: StartWorkflow, started: (outcome: StartOutcome, seconds: number) => void): StartWorkflow {
  return async (message) => {
    const outcome = await startWorkflow(message);
    started(outcome, Math.max(0, Date.now() - Date.parse(message.acceptedAt)) / 1_000);
    return outcome;
  };
}

/** Whether a failed start says that Temporal will never take this message as it is. */
export function isRefusal(error: unknown): boolean {
  return grpcCodeOf(error) === grpcCode.invalidArgument;
}

/** A server that does not answer must not hold a start for ever; there is no deadline without this. */
const startDeadlineMs = 5_000;

/**
 * A sender that writes again within this time has its run taken from the task queue, where senders take turns. An eager start
 * goes past that line, so that a flood of them would be worked off before anybody else.
 */
const eagerAgainMs = 10_000;
const rememberedSenders = 10_000;

/**
 * One run per GUID: Temporal refuses a second one, running or closed, within its retention.
 *
 * @param fairnessKey by which servers that know of fairness take senders in turn; activities inherit it
 * @param eager start the first task in this process, for senders that have not just written; only with a worker on the same connection
 */
export function createStartWorkflow(
  client: Client,
  { eager, fairnessKey, taskQueue = answerbackQueue }: { eager: boolean; fairnessKey: FairnessKey; taskQueue?: string },
): StartWorkflow {
  const wroteJustNow = new LRUCache<string, true>({ max: rememberedSenders, ttl: eagerAgainMs });

  return async (message) => {
    const sender = fairnessKey(message.number);
    const requestEagerStart = eager && !wroteJustNow.has(sender);
    wroteJustNow.set(sender, true);
    try {
      await client.withDeadline(Date.now() + startDeadlineMs, () =>
        client.workflow.start<typeof answerMessage>(workflowType, {
          workflowId: workflowIdFor(message.guid),
          taskQueue,
          args: [message],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
          priority: { fairnessKey: sender },
          requestEagerStart,
        }),
      );
      return 'started';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'duplicate';
      throw error;
    }
  };
}
