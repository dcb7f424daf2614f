import type { Client } from '@temporalio/client';
import type { SendAuthority } from '../activities/send-reply.js';
import type { Verdict } from '../domain/decision.js';
import type { InboundMessage } from '../domain/message.js';
import type { SentReply } from '../domain/receipt.js';
import type { Outcome } from '../workflows/outcome.js';
import { ignoringAbsence } from './grpc-code.js';
import { openPayload, type Payload } from './open-payload.js';

interface Payloads {
  payloads?: Payload[] | null;
}

/**
 * Reads the last reply of a run that has ended from its history, and whether a receipt ended the run as delivered.
 *
 * @returns undefined when Temporal no longer has the run, when it sent nothing, or when an operator ended it as sent
 * @throws {UnreadableError} when it is encrypted with a key that is missing
 */
export async function readReply(
  client: Client,
  { workflowId, runId }: { workflowId: string; runId: string },
): Promise<(SentReply & { verdict?: Verdict; isDelivered: boolean }) | undefined> {
  const open = (from?: Payloads | null) =>
    Promise.all((from?.payloads ?? []).map((payload) => openPayload(client, payload)));

  const history = await ignoringAbsence(client.workflow.getHandle(workflowId, runId).fetchHistory());
  const events = history?.events ?? [];
  const sent = events.findLast(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'sendReply',
  )?.activityTaskScheduledEventAttributes;
  const [outcome] = (await open(events.at(-1)?.workflowExecutionCompletedEventAttributes?.result)) as [Outcome?];
  if (!sent || !outcome || outcome.reply === 'skipped' || 'by' in outcome) return undefined;
  const [message, text, authority] = (await open(sent.input)) as [InboundMessage, string, SendAuthority];
  const { maxAgeMs, despite, send } = authority;
  return {
    message,
    text,
    maxAgeMs,
    send,
    isDelivered: outcome.reply === 'delivered',
    ...(despite && { despite }),
    ...(outcome.verdict && { verdict: outcome.verdict }),
  };
}
