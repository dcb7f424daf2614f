import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { ContactChange } from '../../src/domain/contact.js';
import { markOf } from '../../src/domain/mark.js';
import { failureTypes, queries } from '../../src/domain/names.js';
import { type Receipt, type ReceiptState, refusedAsOptedOut, type RefusedNumber } from '../../src/domain/receipt.js';
import { createForwardReceipt, type ForwardReceipt } from '../../src/temporal/forward-receipt.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

export type Ended = 'sent' | 'failed' | 'uncertain' | RefusedNumber;
/**
 * How a send ends. `opted-out`: the provider refuses it, since the sender opted out there. `unreachable`: since
 * the number can't get texts.
 */
export type End = Ended | Promise<Ended>;

export let temporal: TemporalForTest;
export let forwardReceipt: ForwardReceipt;
let startWorker: () => Promise<() => Promise<void>>;
let stopWorker: () => Promise<void>;
/** How the sends of each message end, in turn; after the last, as sent. */
const endsOf = new Map<string, End[]>();
/** The marks of all sends. */
export const sentMarks: string[] = [];
/** Which parked replies were told. */
export const told: string[] = [];

export const gateway = aMessage().gateway;
/** The changes to contacts, each with the id of its message. */
const remembered: Array<ContactChange & { id: string }> = [];
export const changesBy = ({ workflowId }: WorkflowHandle) => remembered.filter(({ id }) => id === workflowId);
const verdict = { label: 'Agree', by: 'rules' } as const;

/** Starts one worker for all runs of a file. */
export function useReceipts(): void {
  beforeAll(async () => {
    temporal = await connectForTest();
    const { client, taskQueue } = temporal;
    forwardReceipt = createForwardReceipt(client, { parkMs: 600_000, taskQueue });
    startWorker = () =>
      temporal.startWorker({
        consider: async () => aDecision({ verdict, ifOptedOut: 'On again' }),
        prolong: async () => {},
        async remember({ id }, change) {
          remembered.push({ id, ...change });
          return { isChanged: true };
        },
        tellParked: async ({ id }, { reason }) => void told.push(`${id}: ${reason}`),
        sendReply,
      });
    stopWorker = await startWorker();
  });
  afterAll(async () => {
    await stopWorker();
    await temporal.close();
  });
}

const sendReply: Activities['sendReply'] = async ({ id }, _text, { send }) => {
  sentMarks.push(markOf({ workflowId: id, send }));
  const end = await (endsOf.get(id)?.shift() ?? 'sent');
  if (end === 'sent') return { reply: 'sent', gatewayMessageId: 'abc' };
  if (end === 'opted-out') return refusedAsOptedOut;
  const type = end === 'uncertain' ? failureTypes.replyUncertain : failureTypes.replyFailed;
  const details = { attempt: 1, ...(end === 'unreachable' && { number: end }) };
  throw ApplicationFailure.nonRetryable(`the gateway said: ${end}`, type, details);
};

/** Starts a run whose sends end like this. */
export async function startRun(...ends: End[]): Promise<WorkflowHandle> {
  const message = aMessage();
  endsOf.set(message.id, ends);
  await temporal.startWorkflow(message);
  return temporal.client.workflow.getHandle(message.id);
}

export const receiptOf = (
  { workflowId }: WorkflowHandle,
  state: ReceiptState,
  more: Partial<Receipt> = {},
): Receipt => ({
  mark: markOf({ workflowId, send: 1 }),
  gateway,
  state,
  ...more,
});

/** What makes a failed receipt an uncertain one. */
export const expired = { code: 'EXPIRED', isUncertain: true } as const;

export const statusOf = (handle: WorkflowHandle) => handle.query<Status>(queries.status);
export const isParked = (handle: WorkflowHandle, as: 'failed' | 'uncertain') =>
  eventually(async () => {
    const { state, parkedAs } = await statusOf(handle);
    return state === 'parked' && parkedAs === as;
  });
export const isSending = (handle: WorkflowHandle) =>
  eventually(() => sentMarks.includes(markOf({ workflowId: handle.workflowId, send: 1 })));
export { verdict };

/** Does something while no worker runs, and starts one again. */
export async function withoutWorker(work: () => Promise<void>): Promise<void> {
  await stopWorker();
  await work();
  stopWorker = await startWorker();
}
