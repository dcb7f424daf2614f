import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReplyResult } from '../../src/activities/send-reply.js';
import type { Verdict } from '../../src/message.js';
import { failureTypes } from '../../src/temporal/contract.js';
import type { CountReply } from '../../src/workflows/measure.js';
import { eventually } from '../helpers/eventually.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

let temporal: TemporalForTest;
const counted: Array<Parameters<CountReply>> = [];
beforeAll(async () => void (temporal = await connectForTest(undefined, { countReply: (...outcome) => void counted.push(outcome) })));
afterAll(() => temporal.close());

const verdict: Verdict = { label: 'Agree', by: 'rules', parkMs: 600_000, answer: 'Thank you!' };
const failing = (type: string) => async (): Promise<ReplyResult> => {
  throw ApplicationFailure.nonRetryable('the gateway said so', type, { attempt: 1 });
};
const sent = async (): Promise<ReplyResult> => ({ reply: 'sent' });

/** Starts a run whose sends go like this, the last for ever, and returns its handle. */
async function start(sends: Array<() => Promise<ReplyResult>>, { text = 'Yes', parkMs = 600_000 } = {}) {
  counted.length = 0;
  let tries = 0;
  const sendReply = () => (sends[tries++] ?? sent)();
  const stop = await temporal.startWorker({ classify: async () => ({ ...verdict, parkMs }), sendReply });
  const message = aMessage({ text });
  await temporal.startWorkflow(message);
  return { handle: temporal.client.workflow.getHandle(message.guid), stop, sendReply };
}

it.each<[string, Array<() => Promise<ReplyResult>>, { text?: string; parkMs?: number }, Array<Parameters<CountReply>>]>([
  ['sent', [sent], {}, [['sent']]],
  ['skipped by the policy', [], { text: 'STOP' }, [['skipped', 'opted-out']]],
  ['skipped by its age', [async () => ({ reply: 'skipped', reason: 'too-late' })], {}, [['skipped', 'too-late']]],
  ['given up', [failing(failureTypes.replyFailed)], { parkMs: 100 }, [['failed'], ['expired']]],
])('a reply that is %s is counted once', async (_, sends, message, outcomes) => {
  const { handle, stop } = await start(sends, message);
  await handle.result().catch(() => undefined);
  await eventually(() => counted.length >= outcomes.length);
  await stop();
  expect(counted).toEqual(outcomes);
});

it('each park and the end are counted once, also when another worker replays what was before', async () => {
  const { handle, stop, sendReply } = await start([failing(failureTypes.replyUncertain), failing(failureTypes.replyFailed)]);
  await eventually(() => counted.length === 1);
  await stop();
  const stopNext = await temporal.startWorker({ sendReply });
  await handle.signal('retryReply');
  await eventually(() => counted.length === 2);
  await handle.signal('markReplySent');
  await handle.result();
  await stopNext();
  expect(counted).toEqual([['uncertain'], ['failed'], ['marked-sent']]);
});
