import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { LRUCache } from 'lru-cache';
import type { InboundMessage } from '../domain/message.js';
import type { answerMessage } from '../workflows/answer-message.js';
import { messageHashMemo, senderAttribute, taskQueue as answerbackQueue, workflowType } from '../domain/names.js';
import type { Log } from '../log/log.js';
import { compareRun, StartRefusedError } from './compare-run.js';
import { grpcCode, grpcCodeOf } from './grpc-code.js';
import { messageHash } from './message-hash.js';
import type { SenderKey } from './sender-key.js';
import { workflowIdFor } from './workflow-id.js';

export type StartOutcome = 'started' | 'duplicate';

/** Starts the workflow of a message, or reports that it was started before. */
export type StartWorkflow = (message: InboundMessage) => Promise<StartOutcome>;

/** Observes starts. */
export interface StartObserver {
  /** @param seconds from accepting the message to starting its run */
  onStarted(outcome: StartOutcome, seconds: number): void;
}

/** Wraps `startWorkflow` and reports for each message how long it took from its acceptance to its run. */
export function observedStart(startWorkflow: StartWorkflow, observer: StartObserver): StartWorkflow {
  return async (message) => {
    const outcome = await startWorkflow(message);
    observer.onStarted(outcome, Math.max(0, Date.now() - Date.parse(message.acceptedAt)) / 1_000);
    return outcome;
  };
}

/** Returns true when Temporal won't start this message as it is, so that the others need not wait for it. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof StartRefusedError) return true;
  return grpcCodeOf(error) === grpcCode.invalidArgument && !lacksSearchAttribute(error);
}

/** A server learns of a new search attribute after some seconds. Until then no message can start. */
function lacksSearchAttribute(error: unknown): boolean {
  const { message = '', cause } = error as { message?: string; cause?: unknown };
  return /search attribute/i.test(message) || (cause !== undefined && lacksSearchAttribute(cause));
}

/** Without a deadline, a start would wait for ever when the server doesn't respond. */
const startDeadlineMs = 5_000;

/**
 * A sender who writes again within this time gets no eager start. Eager start bypasses the task queue, where senders
 * are served in turn: with it, a flood from one sender would be handled before all other senders.
 */
const eagerPauseMs = 10_000;
const maxRecentSenders = 10_000;

/** How many messages can have the same id. */
const maxMessagesPerId = 20;

/** How often a start is tried again under the same id because the run that had it was deleted meanwhile. */
const maxTriesPerId = 3;

export interface CreateStartWorkflowOptions {
  /** Runs the first task here, for senders who have not just written; needs a worker on the same connection. */
  eager: boolean;
  /** Finds the runs of a sender, and is the key by which servers with fairness serve senders in turn. */
  senderKey: SenderKey;
  log: Log;
  taskQueue?: string;
}

/**
 * Creates the function that starts workflows, one run per message. The message's id is the workflow id, and Temporal
 * refuses an id that it has, of an open or retained run. The same message is then a duplicate. Another message with
 * that id gets `<id>-2`, `-3` and so on.
 */
export function createStartWorkflow(client: Client, options: CreateStartWorkflowOptions): StartWorkflow {
  const startAs = createStartAs(client, options);

  return async (message) => {
    const hash = messageHash(message);
    const id = workflowIdFor(message.id);
    for (let number = 1; number <= maxMessagesPerId; number++) {
      const workflowId = number === 1 ? id : `${id}-${number}`;
      const outcome = await startAs(workflowId, message, hash);
      if (outcome === 'other') continue;
      if (outcome === 'started' && number > 1)
        options.log.warn(
          { event: 'message.renamed', guid: id, workflowId },
          `Another message has the id ${id}: this one runs as ${workflowId}`,
        );
      return outcome;
    }
    throw new StartRefusedError(`${maxMessagesPerId} other messages have the id ${id}`);
  };
}

type StartAs = (workflowId: string, message: InboundMessage, hash: string) => Promise<StartOutcome | 'other'>;

/** Creates the function that starts a message under a workflow id, unless another message or program has that id. */
function createStartAs(
  client: Client,
  { eager, senderKey, taskQueue = answerbackQueue }: CreateStartWorkflowOptions,
): StartAs {
  const recentSenders = new LRUCache<string, true>({ max: maxRecentSenders, ttl: eagerPauseMs });
  const within = <Result>(call: () => Promise<Result>) => client.withDeadline(Date.now() + startDeadlineMs, call);

  return async (workflowId, message, hash) => {
    const sender = senderKey(message.sender);
    const requestEagerStart = eager && !recentSenders.has(sender);
    recentSenders.set(sender, true);
    for (let tries = 1; ; tries++) {
      try {
        await within(() =>
          client.workflow.start<typeof answerMessage>(workflowType, {
            workflowId,
            taskQueue,
            args: [message],
            memo: { [messageHashMemo]: hash },
            typedSearchAttributes: [{ key: senderAttribute, value: sender }],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            priority: { fairnessKey: sender },
            requestEagerStart,
          }),
        );
        return 'started';
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        const found = await within(() => compareRun(client, workflowId, hash));
        if (found !== 'gone') return found === 'same' ? 'duplicate' : 'other';
        if (tries === maxTriesPerId) throw new StartRefusedError(`The id ${workflowId} is taken, and its run is gone`);
      }
    }
  };
}
