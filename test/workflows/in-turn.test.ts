import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { ReplyResult } from '../../src/activities/send-reply.js';
import type { Verdict } from '../../src/message.js';
import { failureTypes } from '../../src/temporal/contract.js';
import type { Status } from '../../src/workflows/operators.js';
import { createLimitedWorker } from '../../src/worker/worker.js';
import { eventually } from '../helpers/eventually.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

const verdict: Verdict = { label: 'Agree', by: 'openai', parkMs: 600_000, answer: 'Thank you!' };
const sent: ReplyResult = { reply: 'sent', gatewayMessageId: 'abc' };
const outcome = { verdict: { label: 'Agree', by: 'openai' }, ...sent };

describe('work that a limit holds to its turn', () => {
  let temporal: TemporalForTest;
  beforeAll(async () => {
    temporal = await connectForTest();
  });
  afterAll(() => temporal.close());

  const aQueue = () => `turns-${randomUUID()}`;

  async function withLimited<Result>(taskQueue: string, activities: Partial<Activities>, work: () => Promise<Result>): Promise<Result> {
    const worker = await createLimitedWorker({ connection: temporal.connection, namespace: 'default', dataConverter: {}, taskQueue, activities, perSecond: 100 });
    return worker.runUntil(work);
  }

  async function startRun() {
    const message = aMessage();
    await temporal.startWorkflow(message);
    return temporal.client.workflow.getHandle(message.guid);
  }

  it('is done on the queue that the activity names, once', async () => {
    const [classifications, sends] = [aQueue(), aQueue()];
    const asked: string[] = [];
    await temporal.withWorker({ classify: async () => ({ askOn: classifications }), sendReply: async () => ({ askOn: sends }) }, () =>
      withLimited(classifications, { classify: async () => (asked.push('label'), verdict) }, () =>
        withLimited(sends, { sendReply: async () => (asked.push('send'), sent) }, async () => {
          expect(await (await startRun()).result()).toEqual(outcome);
        }),
      ),
    );
    expect(asked).toEqual(['label', 'send']);
  });

  it('a reply goes to the queue that the verdict names at once, without a step that sends nothing', async () => {
    const sends = aQueue();
    const asked: string[] = [];
    await temporal.withWorker({ classify: async () => ({ ...verdict, sendsOn: sends }), sendReply: async () => (asked.push('usual'), sent) }, () =>
      withLimited(sends, { sendReply: async () => (asked.push('limited'), sent) }, async () => {
        expect(await (await startRun()).result()).toEqual(outcome);
      }),
    );
    expect(asked).toEqual(['limited']);
  });

  it('a reply that was parked before there was a limit waits its turn too when it is released', async () => {
    const sends = aQueue();
    const onUsual: Array<() => ReplyResult | { askOn: string }> = [
      () => {
        throw ApplicationFailure.nonRetryable('refused', failureTypes.replyFailed, { attempt: 1 });
      },
      () => ({ askOn: sends }),
    ];
    await temporal.withWorker({ classify: async () => verdict, sendReply: async () => (onUsual.shift() as () => ReplyResult)() }, () =>
      withLimited(sends, { sendReply: async () => sent }, async () => {
        const handle = await startRun();
        await eventually(async () => (await handle.query<Status>('status')).state === 'parked');
        await handle.signal('retryReply');
        expect(await handle.result()).toEqual(outcome);
      }),
    );
    expect(onUsual).toEqual([]);
  });

  it('a reply that waits its turn is not sent once an operator has marked it', async () => {
    const sends = aQueue();
    await temporal.withWorker({ classify: async () => verdict, sendReply: async () => ({ askOn: sends }) }, async () => {
      const handle = await startRun();
      // No worker is on that queue: it waits.
      await eventually(async () => (await handle.describe()).raw.pendingActivities?.some(({ activityType, attempt }) => activityType?.name === 'sendReply' && attempt === 1));
      await eventually(async () => (await handle.fetchHistory()).events?.some(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.taskQueue?.name === sends));
      await handle.signal('markReplySent');
      expect(await handle.result()).toEqual({ verdict: outcome.verdict, reply: 'sent', by: 'operator' });
    });
  });
});
