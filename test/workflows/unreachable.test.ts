import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { signals } from '../../src/domain/names.js';
import { unreachableMs } from '../../src/domain/waiting.js';
import { eventually } from '../kit/eventually.js';
import {
  changesBy,
  forwardReceipt,
  gateway,
  isParked,
  receiptOf,
  sentMarks,
  startRun,
  temporal,
  told,
  useReceipts,
  verdict,
} from './receipts-setup.js';

useReceipts();

const unreachable = { code: '30006', number: 'unreachable' } as const;

/** Expects that the number is remembered once. */
async function expectRemembered(run: WorkflowHandle): Promise<void> {
  await eventually(() => changesBy(run).length > 0);
  const change = { id: run.workflowId, to: 'unreachable', source: gateway, forMs: unreachableMs };
  expect(changesBy(run)).toEqual([change]);
}

describe("a number that can't get texts, as the provider says, is remembered, and its reply is parked as failed", () => {
  it('when the provider refuses the reply; one that an operator releases is sent all the same', async () => {
    const run = await startRun('unreachable', 'sent');
    await isParked(run, 'failed');
    await expectRemembered(run);
    await eventually(() => told.includes(`${run.workflowId}: the gateway said: unreachable`));
    await run.signal(signals.retryReply);
    expect(await run.result()).toEqual({ verdict, reply: 'sent', gatewayMessageId: 'abc' });
    expect(sentMarks).toContain(`${run.workflowId}.2`);
  });

  it('when a receipt of an uncertain reply says so', async () => {
    const run = await startRun('uncertain');
    await isParked(run, 'uncertain');
    expect(await forwardReceipt(receiptOf(run, 'failed', unreachable))).toBe('signalled');
    await isParked(run, 'failed');
    await expectRemembered(run);
    await run.signal(signals.markReplySent);
    await run.result();
  });

  it('when a receipt says so after the run has ended: another run keeps the reply', async () => {
    const run = await startRun('sent');
    await run.result();
    expect(await forwardReceipt(receiptOf(run, 'failed', unreachable))).toBe('refused');
    const refused = temporal.client.workflow.getHandle(`${run.workflowId}.refused`);
    await isParked(refused, 'failed');
    await expectRemembered(run);
    await refused.signal(signals.retryReply);
    expect(await refused.result()).toMatchObject({ reply: 'sent' });
  });
});
