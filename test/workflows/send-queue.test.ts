import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplyResult } from '../../src/activities/send-reply.js';
import { failureTypes, modelQueueOf, queries, sendQueueOf, signals } from '../../src/domain/names.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

const sent: ReplyResult = { reply: 'sent', gatewayMessageId: 'abc' };
const outcome = { verdict: { label: 'Agree', by: 'rules' }, ...sent };

describe('the queues of activities', () => {
  let temporal: TemporalForTest;
  beforeAll(async () => {
    temporal = await connectForTest();
  });
  afterAll(() => temporal.close());

  async function startRun(overrides = {}) {
    const message = aMessage(overrides);
    await temporal.startWorkflow(message);
    return temporal.client.workflow.getHandle(message.id);
  }

  async function queuesOf(workflowId: string) {
    const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled ? [[scheduled.activityType?.name, scheduled.taskQueue?.name]] : [],
    );
  }

  it('are one for the model and one for each gateway; the rules need none', async () => {
    await temporal.withWorker(
      {
        consider: async ({ text }) => (text === 'rules' ? aDecision() : 'ask-model'),
        considerByModel: async () => aDecision(),
        sendReply: async () => sent,
      },
      async () => {
        const byRules = await startRun({ text: 'rules' });
        const byModel = await startRun({ text: 'model' });
        expect(await byRules.result()).toEqual(outcome);
        expect(await byModel.result()).toEqual(outcome);
        const send = ['sendReply', sendQueueOf(temporal.taskQueue, 'smsmobileapi')];
        expect(await queuesOf(byRules.workflowId)).toEqual([send]);
        expect(await queuesOf(byModel.workflowId)).toEqual([
          ['considerByModel', modelQueueOf(temporal.taskQueue)],
          send,
        ]);
      },
    );
  });

  it('a reply that waits until it is too old is dropped by the server, without a send', async () => {
    await temporal.withWorker({ consider: async () => aDecision({ maxAgeMs: 1_500 }) }, async () => {
      const handle = await startRun();
      expect(await handle.result()).toEqual({ verdict: outcome.verdict, reply: 'skipped', reason: 'too-late' });
    });
  });

  it('a released reply waits for its turn, however old its message is', async () => {
    let sends = 0;
    await temporal.withWorker(
      {
        consider: async () => aDecision({ maxAgeMs: 2_000 }),
        sendReply: async () => {
          if (sends++ > 0) return sent;
          throw ApplicationFailure.nonRetryable('refused', failureTypes.replyFailed, { attempt: 1 });
        },
      },
      async () => {
        const handle = await startRun({ acceptedAt: new Date(Date.now() - 60_000).toISOString() });
        await eventually(async () => (await handle.query<Status>(queries.status)).state === 'parked');
        await handle.signal(signals.retryReply);
        expect(await handle.result()).toEqual(outcome);
        const { events } = await handle.fetchHistory();
        const timeouts = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
          scheduled?.activityType?.name === 'sendReply' ? [Number(scheduled.scheduleToStartTimeout?.seconds ?? 0)] : [],
        );
        expect(timeouts).toEqual([1, 0]);
      },
    );
  });

  it('a reply that waits for its turn is not sent once an operator has marked it', async () => {
    await temporal.withWorker({ consider: async () => aDecision() }, async () => {
      const handle = await startRun();
      // No worker polls the queue of sends: it waits.
      await eventually(async () =>
        (await handle.describe()).raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'sendReply'),
      );
      await handle.signal(signals.markReplySent);
      expect(await handle.result()).toEqual({ verdict: outcome.verdict, reply: 'sent', by: 'operator' });
    });
  });
});
