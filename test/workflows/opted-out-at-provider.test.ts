import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { replyState, signals } from '../../src/domain/names.js';
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

const outcome = { verdict, reply: 'skipped', reason: 'opted-out', by: 'provider' };
const optedOut = { code: '21610', number: 'opted-out' } as const;

const sendsOf = ({ workflowId }: WorkflowHandle) => sentMarks.filter((mark) => mark.startsWith(workflowId));

/** Expects that the opt-out is remembered once, after so many sends, and that the run isn't parked. */
async function expectRemembered(run: WorkflowHandle, ended = run, { sends = 1 } = {}): Promise<void> {
  expect(await ended.result()).toEqual(outcome);
  expect(changesBy(run)).toEqual([{ id: run.workflowId, to: 'opted-out', source: gateway }]);
  expect(sendsOf(run)).toHaveLength(sends);
  expect((await ended.describe()).typedSearchAttributes.get(replyState)).toBe('skipped');
}

describe('a sender who opted out at the provider is remembered, and nothing more is sent', () => {
  it('when it refuses the reply, also one to a yes', async () => {
    const run = await startRun('opted-out');
    await expectRemembered(run);
    expect(told.filter((one) => one.startsWith(run.workflowId))).toEqual([]);
  });

  it('when it refuses a reply that an operator released', async () => {
    const run = await startRun('failed', 'opted-out');
    await isParked(run, 'failed');
    await run.signal(signals.retryReply);
    await expectRemembered(run, run, { sends: 2 });
  });

  it('when a receipt of an uncertain reply says so', async () => {
    const run = await startRun('uncertain');
    await isParked(run, 'uncertain');
    expect(await forwardReceipt(receiptOf(run, 'failed', optedOut))).toBe('signalled');
    await expectRemembered(run);
  });

  it('when a receipt says so after the run has ended: no run keeps the reply', async () => {
    const run = await startRun('sent');
    await run.result();
    expect(await forwardReceipt(receiptOf(run, 'failed', optedOut))).toBe('refused');
    await expectRemembered(run, temporal.client.workflow.getHandle(`${run.workflowId}.refused`));
    expect(told.filter((one) => one.startsWith(run.workflowId))).toEqual([]);
  });

  it('when a refused reply that an operator released is refused for it', async () => {
    const run = await startRun('sent', 'opted-out');
    await run.result();
    await forwardReceipt(receiptOf(run, 'failed', { code: '30005' }));
    const refused = temporal.client.workflow.getHandle(`${run.workflowId}.refused`);
    await isParked(refused, 'failed');
    await refused.signal(signals.retryReply);
    await expectRemembered(run, refused, { sends: 2 });
  });
});

it('a receipt of another gateway changes nothing', async () => {
  const run = await startRun('sent');
  await run.result();
  expect(await forwardReceipt(receiptOf(run, 'failed', { ...optedOut, gateway: 'another' }))).toBe('ended');
  expect(changesBy(run)).toEqual([]);
});

it('a number that is not opted out is parked as before', async () => {
  const run = await startRun('uncertain');
  await isParked(run, 'uncertain');
  await forwardReceipt(receiptOf(run, 'failed', { code: '30005' }));
  await isParked(run, 'failed');
  await run.signal(signals.markReplySent);
  await run.result();
  expect(changesBy(run)).toEqual([]);
});
