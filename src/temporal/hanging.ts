import type { Client } from '@temporalio/client';
// A CommonJS module: Node's ESM loader can't see its named exports.
import proto from '@temporalio/proto';
import { contactsQueueOf, eventsQueueOf, modelQueueOf, sendQueueOf, taskQueue } from '../domain/names.js';
import { replyBackoff } from '../domain/waiting.js';
import { ignoringRefusal } from './grpc-code.js';
import { createRuns } from './runs/runs.js';

/** The state of one task queue. */
export interface TaskQueueState {
  name: string;
  /** How many pollers the server has seen within the last 5 minutes. */
  pollers: number;
  /** The tasks that wait, and the age of the oldest. Undefined: a server before 1.29 doesn't report them. */
  waiting: { tasks: number; oldestMs: number } | undefined;
}

/** What Temporal reports about work that may hang. A part is undefined while Temporal refuses it. */
export interface Hanging {
  queues: TaskQueueState[] | undefined;
  /** How many runs are older than any retry, and neither parked nor waiting for their turn. */
  overdue: number | undefined;
}

export interface LookForHangingOptions {
  /** The names of all gateways: those without settings, too, may have replies that wait. */
  gateways: readonly string[];
  replyRetryForMs: number;
  replyMaxAgeMs: number;
  /** Default: the task queue on which every api starts workflows. */
  workflowQueue?: string;
  /** How much older than its limits a run must be, in milliseconds. Default: the longest wait between two tries. */
  spareMs?: number;
}

/**
 * Creates a function that looks for what hangs: a few calls to Temporal. It rejects when Temporal doesn't respond
 * within `withinMs` milliseconds.
 */
export function lookForHangingOf(connected: () => Promise<Client>, options: LookForHangingOptions) {
  const { gateways, workflowQueue = taskQueue } = options;
  const { TASK_QUEUE_TYPE_WORKFLOW: ofWorkflows, TASK_QUEUE_TYPE_ACTIVITY: ofActivities } =
    proto.temporal.api.enums.v1.TaskQueueType;
  const waitingQueues = [modelQueueOf(workflowQueue), ...gateways.map((name) => sendQueueOf(workflowQueue, name))];

  return async (withinMs: number): Promise<Hanging> => {
    const client = await connected();
    // A little earlier than the caller gives up, so that a slow count costs only the count.
    return client.withDeadline(Date.now() + withinMs * 0.8, async () => {
      const [workflows, contacts, events, waitingIn] = await Promise.all([
        ignoringRefusal(describeQueue(client, workflowQueue, ofWorkflows)),
        ignoringRefusal(describeQueue(client, contactsQueueOf(workflowQueue), ofActivities)),
        ignoringRefusal(describeQueue(client, eventsQueueOf(workflowQueue), ofActivities)),
        ignoringRefusal(Promise.all(waitingQueues.map((name) => describeQueue(client, name, ofActivities)))),
      ]);
      return {
        queues: workflows && contacts && events && waitingIn && [workflows, contacts, events, ...waitingIn],
        // Counts run in the visibility store, which may be slow or down while the queues can be described.
        overdue: await countOverdue(client, waitingIn, options).catch(() => undefined),
      };
    });
  };
}

async function describeQueue(client: Client, name: string, taskQueueType: number): Promise<TaskQueueState> {
  const { pollers, stats } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    taskQueueType,
    reportStats: true,
  });
  return {
    name,
    pollers: pollers.length,
    waiting: stats
      ? {
          tasks: Number(stats.approximateBacklogCount ?? 0),
          oldestMs: Number(stats.approximateBacklogAge?.seconds ?? 0) * 1_000,
        }
      : undefined,
  };
}

/**
 * Counts the runs that aren't parked and are older than all tries of a send, less those that may wait for their turn.
 * Such a wait can hide a run, but only until `replyMaxAgeMs`: nothing waits for longer than that.
 *
 * @param queues those in which work waits for its turn; undefined when Temporal doesn't describe them
 */
async function countOverdue(
  client: Client,
  queues: TaskQueueState[] | undefined,
  { replyRetryForMs, replyMaxAgeMs, spareMs = replyBackoff.maxWaitMs }: LookForHangingOptions,
): Promise<number> {
  const runs = createRuns(client, () => '');
  const countOlderThan = (ageMs: number) =>
    runs.count('running', { startedBefore: new Date(Date.now() - ageMs - spareMs) });
  const tooOld = await countOlderThan(replyMaxAgeMs);
  const waiting = queues?.map((queue) => queue.waiting);
  if (!waiting || waiting.includes(undefined)) return tooOld;
  // A task is younger than its run. The spare time is for the difference.
  const oldTasks = waiting.reduce(
    (sum, queue) => sum + (queue && queue.oldestMs >= replyRetryForMs ? queue.tasks : 0),
    0,
  );
  return Math.max(tooOld, (await countOlderThan(replyRetryForMs)) - oldTasks);
}
