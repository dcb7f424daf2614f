import { describe, expect, it } from 'vitest';
import { signals } from '../../src/domain/names.js';
import type { ReceiptState } from '../../src/domain/receipt.js';
import {
  expired,
  type End,
  type Ended,
  forwardReceipt,
  isParked,
  isSending,
  receiptOf,
  sentMarks,
  startRun,
  statusOf,
  temporal,
  useReceipts,
  verdict,
  withoutWorker,
} from './receipts-setup.js';

useReceipts();

/** A send that ends when the test says how. */
function openEnd() {
  let end: (how: Ended) => void = () => {};
  const promise = new Promise<Ended>((resolve) => (end = resolve));
  return { promise, end: (how: Ended) => end(how) };
}

describe('an uncertain reply', () => {
  it.each<[ReceiptState, 'sent' | 'delivered']>([
    ['accepted', 'sent'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
  ])('is settled by the receipt %s as %s', async (state, reply) => {
    const run = await startRun('uncertain');
    await isParked(run, 'uncertain');
    expect(await forwardReceipt(receiptOf(run, state))).toBe('signalled');
    expect(await run.result()).toEqual({ verdict, reply });
    const { typedSearchAttributes } = await run.describe();
    expect(typedSearchAttributes.getAll().map(({ key }) => key.name)).not.toContain('ReplyState');
  });

  it('becomes a failed one when the carrier refused it, and an operator can release it', async () => {
    const run = await startRun('uncertain');
    await isParked(run, 'uncertain');
    await forwardReceipt(receiptOf(run, 'failed', { code: '30005' }));
    await isParked(run, 'failed');
    expect(await statusOf(run)).toMatchObject({ lastFailure: 'the carrier refused the reply (30005)' });
    // A late receipt of the first send says nothing about the second one.
    await run.signal(signals.retryReply);
    await forwardReceipt(receiptOf(run, 'failed', { code: '30005' }));
    expect(await run.result()).toEqual({ verdict, reply: 'sent', gatewayMessageId: 'abc' });
    expect(sentMarks.filter((mark) => mark.startsWith(run.workflowId))).toEqual([
      `${run.workflowId}.1`,
      `${run.workflowId}.2`,
    ]);
  });

  it.each<[string, ReceiptState[], 'delivered' | 'failed']>([
    ['out of order', ['delivered', 'sent', 'accepted'], 'delivered'],
    ['twice', ['delivered', 'delivered'], 'delivered'],
    ['failed after delivered', ['delivered', 'failed'], 'failed'],
    ['delivered after failed', ['failed', 'delivered'], 'failed'],
  ])('takes receipts that come %s before the send has ended', async (_how, states, outcome) => {
    const send = openEnd();
    const run = await startRun(send.promise);
    await isSending(run);
    for (const state of states) expect(await forwardReceipt(receiptOf(run, state))).toBe('signalled');
    send.end('uncertain');
    if (outcome === 'failed') {
      await isParked(run, 'failed');
      await run.signal(signals.markReplySent);
    }
    expect(await run.result()).toMatchObject({ reply: outcome === 'failed' ? 'sent' : outcome });
  });

  it.each(['sent', 'delivered'] as const)(
    'of which nothing was heard for long is settled by a late %s',
    async (state) => {
      const run = await startRun('uncertain');
      await isParked(run, 'uncertain');
      await forwardReceipt(receiptOf(run, 'failed', expired));
      expect(await forwardReceipt(receiptOf(run, state))).toBe('signalled');
      expect(await run.result()).toEqual({ verdict, reply: state });
    },
  );

  it.each(['sent', 'delivered'] as const)('stays %s when it expires later', async (state) => {
    const send = openEnd();
    const run = await startRun(send.promise);
    await isSending(run);
    for (const receipt of [receiptOf(run, state), receiptOf(run, 'failed', expired)]) await forwardReceipt(receipt);
    send.end('uncertain');
    expect(await run.result()).toEqual({ verdict, reply: state });
  });

  it('is not touched by receipts of another send, of another gateway, or of an unknown run', async () => {
    const run = await startRun('uncertain');
    await isParked(run, 'uncertain');
    const receipt = receiptOf(run, 'delivered');
    await forwardReceipt({ ...receipt, mark: `${run.workflowId}.2` });
    await forwardReceipt({ ...receipt, gateway: 'another' });
    expect(await forwardReceipt({ ...receipt, mark: 'never-seen.1' })).toBe('unknown');
    expect(await forwardReceipt({ ...receipt, mark: 'no mark at all' })).toBe('unknown');
    expect(await statusOf(run)).toMatchObject({ state: 'parked', parkedAs: 'uncertain' });
    await forwardReceipt(receipt);
    expect(await run.result()).toEqual({ verdict, reply: 'delivered' });
  });
});

it.each<[End, ReceiptState, object]>([
  ['sent', 'sent', { reply: 'sent', gatewayMessageId: 'abc' }],
  ['sent', 'delivered', { reply: 'delivered', gatewayMessageId: 'abc' }],
  ['failed', 'delivered', { reply: 'delivered' }],
])('a send that ends as %s after its receipt %s gives %o', async (how, state, outcome) => {
  const send = openEnd();
  const run = await startRun(send.promise);
  await isSending(run);
  await forwardReceipt(receiptOf(run, state));
  send.end(await how);
  expect(await run.result()).toEqual({ verdict, ...outcome });
});

it('a reply that the carrier refuses while its send still runs is parked', async () => {
  const send = openEnd();
  const run = await startRun(send.promise);
  await isSending(run);
  await forwardReceipt(receiptOf(run, 'failed', { code: '30007' }));
  send.end('sent');
  await isParked(run, 'failed');
  await run.signal(signals.markReplySent);
  expect(await run.result()).toMatchObject({ reply: 'sent', by: 'operator' });
});

it('a receipt that waits for the workflow together with a release wins: nothing is sent again', async () => {
  const run = await startRun('uncertain');
  await isParked(run, 'uncertain');
  await withoutWorker(async () => {
    await forwardReceipt(receiptOf(run, 'delivered'));
    await run.signal(signals.retryReply);
  });
  expect(await run.result()).toEqual({ verdict, reply: 'delivered' });
});

it('a receipt of a run that has ended changes nothing', async () => {
  const run = await startRun('sent');
  await run.result();
  for (const state of ['accepted', 'sent', 'delivered'] as const)
    expect(await forwardReceipt(receiptOf(run, state))).toBe('ended');
  expect((await run.describe()).status.name).toBe('COMPLETED');
  const other = { ...receiptOf(run, 'failed'), mark: `${temporal.taskQueue}.1` };
  expect(await forwardReceipt(other)).toBe('unknown');
});
