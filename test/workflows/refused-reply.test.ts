import type { WorkflowHandle } from '@temporalio/client';
import { expect, it } from 'vitest';
import { senderAttribute, signals } from '../../src/domain/names.js';
import type { Receipt } from '../../src/domain/receipt.js';
import { eventually } from '../kit/eventually.js';
import {
  expired,
  forwardReceipt,
  isParked,
  receiptOf,
  sentMarks,
  startRun,
  statusOf,
  temporal,
  told,
  useReceipts,
  verdict,
} from './receipts-setup.js';

useReceipts();

/** Starts a run that sends, and lets the carrier refuse the reply after it has ended. */
async function startRefused(more: Partial<Receipt> = {}): Promise<{ run: WorkflowHandle; refused: WorkflowHandle }> {
  const run = await startRun('sent');
  await run.result();
  expect(await forwardReceipt(receiptOf(run, 'failed', { code: '30005', ...more }))).toBe('refused');
  return { run, refused: temporal.client.workflow.getHandle(`${run.workflowId}.refused`) };
}

it('a reply that the carrier refused after its run had ended is parked once, with the carrier’s code', async () => {
  const { run, refused } = await startRefused();
  await isParked(refused, 'failed');
  expect(await statusOf(refused)).toMatchObject({ verdict, lastFailure: 'the carrier refused the reply (30005)' });
  expect(await forwardReceipt(receiptOf(run, 'failed'))).toBe('refused');
  const toldOf = () => told.filter((one) => one.startsWith(run.workflowId));
  await eventually(() => toldOf().length > 0);
  const [first, second] = await Promise.all([run.describe(), refused.describe()]);
  expect(second.typedSearchAttributes.get(senderAttribute)).toBe(first.typedSearchAttributes.get(senderAttribute));
  await refused.signal(signals.markReplySent);
  expect(await refused.result()).toEqual({ verdict, reply: 'sent', by: 'operator' });
  // The same receipt, a day later.
  expect(await forwardReceipt(receiptOf(run, 'failed'))).toBe('refused');
  expect((await refused.describe()).status.name).toBe('COMPLETED');
  expect(toldOf()).toEqual([`${run.workflowId}: the carrier refused the reply (30005)`]);
});

it('an operator can release it, again and again; each send has a mark of its own', async () => {
  const { run, refused } = await startRefused();
  await isParked(refused, 'failed');
  await refused.signal(signals.retryReply);
  expect(await refused.result()).toEqual({ verdict, reply: 'sent', gatewayMessageId: 'abc' });

  const again = { ...receiptOf(run, 'failed'), mark: `${run.workflowId}.r2`, code: '30008' };
  expect(await forwardReceipt(again)).toBe('refused');
  await isParked(temporal.client.workflow.getHandle(refused.workflowId), 'failed');
  await temporal.client.workflow.getHandle(refused.workflowId).signal(signals.retryReply);
  await temporal.client.workflow.getHandle(refused.workflowId).result();
  expect(sentMarks.filter((mark) => mark.startsWith(run.workflowId))).toEqual([
    `${run.workflowId}.1`,
    `${run.workflowId}.2`,
    `${run.workflowId}.3`,
  ]);
  // The refusal of a send that was released since.
  expect(await forwardReceipt(again)).toBe('ended');
  expect((await temporal.client.workflow.getHandle(refused.workflowId).describe()).status.name).toBe('COMPLETED');
});

it.each<[string, (run: WorkflowHandle) => Partial<Receipt>]>([
  ['of another gateway', () => ({ gateway: 'another' })],
  ['of a send that there was not', ({ workflowId }) => ({ mark: `${workflowId}.2` })],
])('a receipt %s is no refusal', async (_what, more) => {
  const run = await startRun('sent');
  await run.result();
  expect(await forwardReceipt(receiptOf(run, 'failed', more(run)))).toBe('ended');
  expect(await isThere(`${run.workflowId}.refused`)).toBe(false);
});

it('a late refusal of the first send does not touch the second one', async () => {
  const run = await startRun('uncertain', 'sent');
  await isParked(run, 'uncertain');
  await run.signal(signals.retryReply);
  await run.result();
  expect(await forwardReceipt(receiptOf(run, 'failed'))).toBe('ended');
  expect(await forwardReceipt({ ...receiptOf(run, 'failed'), mark: `${run.workflowId}.2` })).toBe('refused');
});

it('nothing is kept of a reply that an operator has marked as sent', async () => {
  const run = await startRun('uncertain');
  await isParked(run, 'uncertain');
  await run.signal(signals.markReplySent);
  await run.result();
  expect(await forwardReceipt(receiptOf(run, 'failed'))).toBe('ended');
});

it('where the phone did not say whether it sent the reply, it is parked as uncertain', async () => {
  const { refused } = await startRefused(expired);
  await isParked(refused, 'uncertain');
  expect((await statusOf(refused)).lastFailure).toBe('the phone did not say whether it sent the reply (EXPIRED)');
  await refused.signal(signals.markReplySent);
});

it.each(['sent', 'delivered'] as const)('an uncertain one is settled by a late %s', async (state) => {
  const { run, refused } = await startRefused(expired);
  await isParked(refused, 'uncertain');
  expect(await forwardReceipt(receiptOf(run, state, { mayFollowUncertain: true }))).toBe('signalled');
  expect(await refused.result()).toEqual({ verdict, reply: state });
  expect(await forwardReceipt(receiptOf(run, state, { mayFollowUncertain: true }))).toBe('ended');
});

it('one that the carrier refused is not', async () => {
  const { run, refused } = await startRefused();
  await isParked(refused, 'failed');
  await forwardReceipt(receiptOf(run, 'delivered', { mayFollowUncertain: true }));
  expect(await statusOf(refused)).toMatchObject({ state: 'parked', parkedAs: 'failed' });
  await refused.signal(signals.markReplySent);
  expect(await refused.result()).toMatchObject({ by: 'operator' });
});

it('nothing is kept of a reply that expires after it was delivered', async () => {
  const run = await startRun('uncertain');
  await isParked(run, 'uncertain');
  await forwardReceipt(receiptOf(run, 'delivered'));
  await run.result();
  expect(await forwardReceipt(receiptOf(run, 'failed', expired))).toBe('ended');
  expect(await isThere(`${run.workflowId}.refused`)).toBe(false);
});

const isThere = (workflowId: string) =>
  temporal.client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => true,
      () => false,
    );
