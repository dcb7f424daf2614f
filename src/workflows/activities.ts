import {
  type ActivityOptions,
  type LocalActivityOptions,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Remembered } from '../activities/remember.js';
import type { ReplyResult } from '../activities/send-reply.js';
import type { Parked } from '../activities/tell-parked.js';
import type { ContactChange } from '../domain/contact.js';
import type { Decision } from '../domain/decision.js';
import { type InboundMessage, receivedAtMs } from '../domain/message.js';
import { contactsQueueOf, modelQueueOf, sendQueueOf } from '../domain/names.js';
import { considerRetry, modelBackoff, replyBackoff, sendTryTimeoutMs } from '../domain/waiting.js';
import { isDroppedByServer, isWorkerLost } from './activity-failure.js';
import { isReset } from './is-reset.js';

/** The activities as the workflow calls them: each with its queue, its time limits and its retries. */

const local = proxyLocalActivities<Activities>({
  scheduleToCloseTimeout: considerRetry.withinMs,
  retry: { maximumAttempts: considerRetry.attempts, initialInterval: considerRetry.firstWaitMs },
} satisfies LocalActivityOptions);

const modelOptions = {
  startToCloseTimeout: '20s',
  retry: retryPolicy(modelBackoff),
} satisfies ActivityOptions;

const contactOptions = {
  startToCloseTimeout: '20s',
  retry: retryPolicy(replyBackoff),
} satisfies ActivityOptions;

const sendOptions = {
  startToCloseTimeout: sendTryTimeoutMs,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: {
    ...retryPolicy(replyBackoff),
    // An interrupted send may have reached the gateway: never repeat it automatically.
    nonRetryableErrorTypes: ['TemporalTimeout:StartToClose', 'WorkerShutdown'],
  },
} satisfies ActivityOptions;

export async function consider(message: InboundMessage): Promise<Decision> {
  const decision = await local.consider(message);
  if (decision !== 'ask-model') return decision;
  const taskQueue = modelQueueOf(workflowInfo().taskQueue);
  return proxyActivities<Activities>({ ...modelOptions, taskQueue }).considerByModel(message);
}

/** The sender's hand-over lasts from this text on. */
export const prolong = (message: InboundMessage): Promise<void> => onContacts().prolong(message);

export const remember = (message: InboundMessage, change: ContactChange, label: string): Promise<Remembered> =>
  onContacts().remember(message, change, label);

export const tellParked = (message: InboundMessage, parked: Parked): Promise<void> =>
  onContacts().tellParked(message, parked);

const onContacts = () =>
  proxyActivities<Activities>({ ...contactOptions, taskQueue: contactsQueueOf(workflowInfo().taskQueue) });

/** How often a send is repeated whose worker was lost, where the provider knows it by its mark. */
const maxRepeats = 3;

/** @param send which deliberate send this is, from 1; an operator asked for the later ones */
export async function sendReply(
  message: InboundMessage,
  {
    text,
    maxAgeMs,
    despite,
    isRepeatable,
  }: Pick<Extract<Decision, { kind: 'reply' }>, 'text' | 'maxAgeMs' | 'despite' | 'isRepeatable'>,
  send: number,
): Promise<ReplyResult> {
  const { firstExecutionRunId: firstRunId, taskQueue, startTime } = workflowInfo();
  const gateway = proxyActivities<Activities>({
    ...sendOptions,
    taskQueue: sendQueueOf(taskQueue, message.gateway),
    // For a reset run the activity decides, however old the message is.
    ...(send === 1 && !isReset() && { scheduleToStartTimeout: mayWaitMs(message, maxAgeMs) }),
  } satisfies ActivityOptions);
  for (let repeats = 0; ; repeats++) {
    try {
      return await gateway.sendReply(message, text, {
        ...{ firstRunId, send, maxAgeMs },
        startedAtMs: startTime.getTime(),
        ...(despite && { despite }),
        ...(repeats > 0 && { wasMaybeSent: true }),
      });
    } catch (error) {
      if (repeats === 0 && isDroppedByServer(error)) return { reply: 'skipped', reason: 'too-late' };
      if (!isRepeatable || repeats === maxRepeats || !isWorkerLost(error)) throw error;
    }
  }
}

/** How long a reply may wait for its turn until it is too old: then the server drops it, and it uses up no turn. */
function mayWaitMs(message: InboundMessage, maxAgeMs: number): number {
  return Math.max(1_000, receivedAtMs(message) + maxAgeMs - Date.now());
}

function retryPolicy({ firstWaitMs, coefficient, maxWaitMs }: typeof modelBackoff | typeof replyBackoff) {
  return { initialInterval: firstWaitMs, backoffCoefficient: coefficient, maximumInterval: maxWaitMs };
}
