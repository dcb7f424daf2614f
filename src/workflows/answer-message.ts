import {
  type ActivityOptions,
  type LocalActivityOptions,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { ReplyResult } from '../activities/send-reply.js';
import type { Decision } from '../domain/decision.js';
import { type InboundMessage, messageVersion } from '../domain/message.js';
import type { ContactChange } from '../domain/contact.js';
import { contactsQueueOf, modelQueueOf, sendQueueOf } from '../domain/names.js';
import { considerRetry, considerParkMs, modelBackoff, replyBackoff, sendTryTimeoutMs } from '../domain/waiting.js';
import { isDroppedByServer } from './activity-failure.js';
import { isReset } from './is-reset.js';
import type { Outcome } from './outcome.js';
import { Run } from './run.js';

/** Answers one message: consider it, remember what it asks for, then reply or stay silent. One run per message. */
export async function answerMessage(message: InboundMessage): Promise<Outcome> {
  requireKnownVersion(message);
  const run = new Run();
  const decision = await run.until('considering', () => consider(message), considerParkMs);
  if (decision === 'marked-sent') return run.end({ reply: 'sent', by: 'operator' });
  run.considered(decision.verdict);
  const { contact } = decision;
  const isChanged = contact === undefined || (await remember(message, contact));
  if (decision.kind === 'silent') return run.end({ reply: 'skipped', reason: decision.reason });
  // A second STOP is silent; START is confirmed again.
  if (!isChanged && contact && contact.to !== 'none') return run.end({ reply: 'skipped', reason: contact.to });
  const reply = await run.until('sending', (send) => replyTo(message, decision, send), decision.parkMs);
  return run.end(reply === 'marked-sent' ? { reply: 'sent', by: 'operator' } : reply);
}

type Reply = Extract<Decision, { kind: 'reply' }>;

/** Sends the reply. To a yes of a sender who has opted out, it confirms that texts are on again. */
async function replyTo(message: InboundMessage, decision: Reply, send: number): Promise<ReplyResult> {
  const reply = await sendReply(message, decision, send);
  const { ifOptedOut } = decision;
  if (ifOptedOut === undefined || reply.reply !== 'skipped' || reply.reason !== 'opted-out') return reply;
  // A yes from before the opt-out changes nothing.
  if (!(await remember(message, { to: 'none', words: message.text }))) return reply;
  return sendReply(message, { ...decision, text: ifOptedOut, aboutContact: true }, send);
}

async function remember(message: InboundMessage, change: ContactChange): Promise<boolean> {
  const taskQueue = contactsQueueOf(workflowInfo().taskQueue);
  return proxyActivities<Activities>({ ...rememberOptions, taskQueue }).remember(message, change);
}

const rememberOptions = {
  startToCloseTimeout: '20s',
  retry: retryPolicy(replyBackoff),
} satisfies ActivityOptions;

/** Fails the task of an input that a newer release wrote: the run waits for a worker that knows it. */
function requireKnownVersion({ version }: { version: number }): void {
  if (version !== messageVersion)
    throw new TypeError(`This worker knows messages of version ${messageVersion}, not ${version}`);
}

const rules = proxyLocalActivities<Activities>({
  summary: 'label and decide by rules',
  scheduleToCloseTimeout: considerRetry.withinMs,
  retry: { maximumAttempts: considerRetry.attempts, initialInterval: considerRetry.firstWaitMs },
} satisfies LocalActivityOptions);

const modelOptions = {
  startToCloseTimeout: '20s',
  retry: retryPolicy(modelBackoff),
} satisfies ActivityOptions;

async function consider(message: InboundMessage): Promise<Decision> {
  const decision = await rules.consider(message);
  if (decision !== 'ask-model') return decision;
  const taskQueue = modelQueueOf(workflowInfo().taskQueue);
  return proxyActivities<Activities>({ ...modelOptions, taskQueue }).considerByModel(message);
}

/** @param send which deliberate send this is, from 1; an operator asked for the later ones */
async function sendReply(
  message: InboundMessage,
  { text, maxAgeMs, aboutContact }: Reply,
  send: number,
): Promise<ReplyResult> {
  const { firstExecutionRunId: firstRunId, taskQueue } = workflowInfo();
  const gateway = proxyActivities<Activities>({
    ...sendOptions,
    taskQueue: sendQueueOf(taskQueue, message.gateway),
    // For a reset run the activity decides, however old the message is.
    ...(send === 1 && !isReset() && { scheduleToStartTimeout: mayWaitMs(message, maxAgeMs) }),
  } satisfies ActivityOptions);
  try {
    return await gateway.sendReply(message, text, {
      ...{ firstRunId, send, maxAgeMs },
      ...(aboutContact && { aboutContact }),
    });
  } catch (error) {
    if (isDroppedByServer(error)) return { reply: 'skipped', reason: 'too-late' };
    throw error;
  }
}

const sendOptions = {
  startToCloseTimeout: sendTryTimeoutMs,
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: {
    ...retryPolicy(replyBackoff),
    // An interrupted send may have reached the gateway: never repeat it automatically.
    nonRetryableErrorTypes: ['TemporalTimeout:StartToClose', 'WorkerShutdown'],
  },
} satisfies ActivityOptions;

/** How long a reply may wait for its turn until it is too old: then the server drops it, and it uses up no turn. */
function mayWaitMs({ acceptedAt }: InboundMessage, maxAgeMs: number): number {
  return Math.max(1_000, Date.parse(acceptedAt) + maxAgeMs - Date.now());
}

function retryPolicy({ firstWaitMs, coefficient, maxWaitMs }: typeof modelBackoff | typeof replyBackoff) {
  return { initialInterval: firstWaitMs, backoffCoefficient: coefficient, maximumInterval: maxWaitMs };
}
