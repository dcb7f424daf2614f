import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReplyResult } from '../../src/activities/send-reply.js';
import type { Decision } from '../../src/domain/decision.js';
import { failureTypes, signals } from '../../src/domain/names.js';
import type { ReplyObserver } from '../../src/workflows/observer.js';
import { eventually } from '../kit/eventually.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

let temporal: TemporalForTest;
const counted: Array<Parameters<ReplyObserver['onReply']>> = [];
beforeAll(
  async () =>
    void (temporal = await connectForTest(undefined, {
      onReply: (_workflowId, ...outcome) => void counted.push(outcome),
    })),
);
afterAll(() => temporal.close());

const optedOut: Decision = { verdict: { label: 'Other', by: 'rules' }, kind: 'silent', reason: 'opted-out' };
const failing = (type: string) => async (): Promise<ReplyResult> => {
  throw ApplicationFailure.nonRetryable('the gateway said so', type, { attempt: 1 });
};
const sent = async (): Promise<ReplyResult> => ({ reply: 'sent' });

/** Starts a run whose sends go like this, the last for ever, and returns its handle. */
async function start(sends: Array<() => Promise<ReplyResult>>, decision = aDecision()) {
  counted.length = 0;
  let tries = 0;
  const sendReply = () => (sends[tries++] ?? sent)();
  const stop = await temporal.startWorker({ consider: async () => decision, sendReply });
  const message = aMessage();
  await temporal.startWorkflow(message);
  return { handle: temporal.client.workflow.getHandle(message.id), stop, sendReply };
}

it.each<[string, Array<() => Promise<ReplyResult>>, Decision | undefined, Array<Parameters<ReplyObserver['onReply']>>]>(
  [
    ['sent', [sent], undefined, [['sent']]],
    ['skipped by its decision', [], optedOut, [['skipped', 'opted-out']]],
    [
      'skipped by its age',
      [async () => ({ reply: 'skipped', reason: 'too-late' })],
      undefined,
      [['skipped', 'too-late']],
    ],
    ['given up', [failing(failureTypes.replyFailed)], aDecision({ parkMs: 100 }), [['failed'], ['expired']]],
  ],
)('a reply that is %s is counted once', async (_, sends, decision, outcomes) => {
  const { handle, stop } = await start(sends, decision);
  await handle.result().catch(() => undefined);
  await eventually(() => counted.length >= outcomes.length);
  await stop();
  expect(counted).toEqual(outcomes);
});

it('each park and the end are counted once, also when another worker replays the run', async () => {
  const { handle, stop, sendReply } = await start([
    failing(failureTypes.replyUncertain),
    failing(failureTypes.replyFailed),
  ]);
  await eventually(() => counted.length === 1);
  await stop();
  const stopNext = await temporal.startWorker({ consider: async () => aDecision(), sendReply });
  await handle.signal(signals.retryReply);
  await eventually(() => counted.length === 2);
  await handle.signal(signals.markReplySent);
  await handle.result();
  await stopNext();
  expect(counted).toEqual([['uncertain'], ['failed'], ['marked-sent']]);
});
