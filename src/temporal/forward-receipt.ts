import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { refusedSuffix, readMark } from '../domain/mark.js';
import { refusedType, senderAttribute, signals, taskQueue as answerbackQueue } from '../domain/names.js';
import type { Receipt, ReceiptOutcome, RefusedReply, RunReceipt } from '../domain/receipt.js';
import { messageVersion } from '../domain/message.js';
import { ignoringNoRun } from './ignoring-no-run.js';
import { isMessageRun } from './message-runs.js';
import { readReply } from './read-reply.js';
import { summaryClient } from './summary-client.js';

/** Brings a receipt to the run of its reply. The same receipt again changes nothing. */
export type ForwardReceipt = (receipt: Receipt) => Promise<ReceiptOutcome>;

/** Observes receipts. */
export interface ReceiptObserver {
  onForwarded(receipt: Pick<Receipt, 'gateway' | 'state'>, outcome: ReceiptOutcome): void;
}

export interface ForwardReceiptOptions {
  /** How long a refused reply stays parked for an operator, in milliseconds. */
  parkMs: number;
  taskQueue?: string;
}

/** Without a deadline, a call would wait for ever when the server doesn't respond. */
const deadlineMs = 5_000;

/** How often it is tried when the run ends, or is started, at the same moment. */
const maxTries = 3;

/**
 * Creates the function that brings receipts to Temporal: one short call, since most of their runs have ended, and
 * a second one for a receipt that `mayFollowUncertain`.
 */
export function createForwardReceipt(
  client: Client,
  { parkMs, taskQueue = answerbackQueue }: ForwardReceiptOptions,
): ForwardReceipt {
  const within = <Result>(call: () => Promise<Result>) => client.withDeadline(Date.now() + deadlineMs, call);

  /** Signals a run; returns whether it was open. */
  const signal = async (workflowId: string, runId: string | undefined, receipt: RunReceipt): Promise<boolean> =>
    (await ignoringNoRun(async () => {
      await within(() => client.workflow.getHandle(workflowId, runId).signal(signals.receipt, receipt));
      return true;
    })) ?? false;

  async function forward({ mark, mayFollowUncertain, ...receipt }: Receipt): Promise<ReceiptOutcome> {
    const marked = readMark(mark);
    if (!marked) return 'unknown';
    const { workflowId, send } = marked;
    const runReceipt: RunReceipt = { ...receipt, send };
    for (let tries = 1; ; tries++) {
      const run = await ignoringNoRun(() =>
        within(() => summaryClient(client).workflow.getHandle(workflowId).describe()),
      );
      if (!run || !isMessageRun({ type: { name: run.type } })) return 'unknown';
      if (run.status.name === 'RUNNING') {
        const signalled = await signal(workflowId, run.runId, runReceipt);
        if (signalled || tries === maxTries) return signalled ? 'signalled' : 'ended';
      } else if (receipt.state === 'failed') {
        return startRefused(run, runReceipt);
      } else {
        return mayFollowUncertain && (await signal(refusedIdOf(workflowId), undefined, runReceipt))
          ? 'signalled'
          : 'ended';
      }
    }
  }

  /** Keeps a reply that the carrier refused. An earlier refusal of the same send has its run already. */
  async function startRefused(run: WorkflowExecutionDescription, receipt: RunReceipt): Promise<ReceiptOutcome> {
    const { workflowId } = run;
    const found = await within(() => readReply(client, run));
    if (found?.send !== receipt.send || found.message.gateway !== receipt.gateway) return 'ended';
    const { isDelivered, ...reply } = found;
    if (isDelivered && receipt.isUncertain) return 'ended';
    const input: RefusedReply = { ...reply, version: messageVersion, receipt, parkMs };
    const sender = run.typedSearchAttributes.get(senderAttribute);
    try {
      await within(() =>
        client.workflow.start(refusedType, {
          workflowId: refusedIdOf(workflowId),
          taskQueue,
          args: [input],
          typedSearchAttributes: sender ? [{ key: senderAttribute, value: sender }] : [],
          workflowIdReusePolicy: workflowId.endsWith(refusedSuffix) ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    return 'refused';
  }

  return forward;
}

/** Returns the id of the run that keeps a reply of this run when the carrier refuses it. */
const refusedIdOf = (workflowId: string): string =>
  workflowId.endsWith(refusedSuffix) ? workflowId : `${workflowId}${refusedSuffix}`;

/** Wraps `forwardReceipt` and reports each receipt. */
export function observedReceipts(forwardReceipt: ForwardReceipt, observer: ReceiptObserver): ForwardReceipt {
  return async (receipt) => {
    const outcome = await forwardReceipt(receipt);
    observer.onForwarded(receipt, outcome);
    return outcome;
  };
}
