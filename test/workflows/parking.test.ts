import { ApplicationFailure } from '@temporalio/common';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { SendAuthority } from '../../src/activities/send-reply.js';
import { failureTypes, queries, signals, updates } from '../../src/domain/names.js';
import type { InboundMessage } from '../../src/domain/message.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

type How = 'sent' | 'failed' | 'uncertain' | (() => Promise<'sent' | 'failed'>);

/** A gateway's answers, one for each send; after the last, sends succeed. */
function activitiesThatSend(hows: How[], parkMs = 600_000) {
  const sends: SendAuthority[] = [];
  const activities: Activities = {
    consider: async () => aDecision({ parkMs }),
    considerByModel: async () => aDecision({ parkMs }),
    prolong: async () => {},
    remember: async () => ({ isChanged: true }),
    tellParked: async () => {},
    sendReply: async (_message, _text, authority) => {
      sends.push(authority);
      const how = hows[sends.length - 1] ?? 'sent';
      const outcome = typeof how === 'function' ? await how() : how;
      if (outcome === 'sent') return { reply: 'sent', gatewayMessageId: 'abc' };
      const type = outcome === 'failed' ? failureTypes.replyFailed : failureTypes.replyUncertain;
      throw ApplicationFailure.nonRetryable(`the gateway said: ${outcome}`, type, { attempt: 2 });
    },
  };
  return { activities, sends };
}

describe('a reply that failed', () => {
  let temporal: TemporalForTest;
  beforeAll(async () => {
    temporal = await connectForTest();
  });
  afterAll(() => temporal.close());

  const statusOf = (handle: WorkflowHandle) => handle.query<Status>(queries.status);
  const isParked = (handle: WorkflowHandle) => eventually(async () => (await statusOf(handle)).state === 'parked');

  /** Starts a run whose sends go like this, and lets `work` act on it while a worker runs. */
  async function withRun<Result>(
    hows: How[],
    work: (handle: WorkflowHandle, sends: SendAuthority[]) => Promise<Result>,
    parkMs?: number,
  ): Promise<Result> {
    const { activities, sends } = activitiesThatSend(hows, parkMs);
    const message = aMessage();
    return temporal.withWorker(activities, async () => {
      await temporal.startWorkflow(message);
      return work(temporal.client.workflow.getHandle(message.id), sends);
    });
  }

  it.each(['failed', 'uncertain'] as const)(
    'parks as %s: open, found by ReplyState, and says what, when and how often',
    async (how) => {
      await withRun([how], async (handle) => {
        await isParked(handle);
        expect(await statusOf(handle)).toMatchObject({
          state: 'parked',
          parkedAs: how,
          lastFailure: `the gateway said: ${how}`,
          tries: 2,
        });
        const query = `ReplyState='${how}' AND WorkflowId='${handle.workflowId}' AND ExecutionStatus='Running'`;
        await eventually(async () => (await temporal.client.workflow.count(query)).count === 1);
        await handle.signal(signals.retryReply);
        expect(await handle.result()).toEqual({
          verdict: { label: 'Agree', by: 'rules' },
          reply: 'sent',
          gatewayMessageId: 'abc',
        });
        await eventually(
          async () => (await temporal.client.workflow.count(query.replace('Running', 'Completed'))).count === 0,
        );
      });
    },
  );

  it('costs one timer while it waits, and nothing in the usual case', async () => {
    const events = await withRun(['failed'], async (handle) => {
      await isParked(handle);
      return (await handle.fetchHistory()).events ?? [];
    });
    expect(events.filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes)).toHaveLength(1);
  });

  it('is sent once by retryReply, as released, however often it is signalled at once', async () => {
    await withRun(['failed'], async (handle, sends) => {
      await isParked(handle);
      await Promise.all([
        handle.signal(signals.retryReply),
        handle.signal(signals.retryReply),
        handle.signal(signals.retryReply),
      ]);
      await handle.result();
      expect(sends.map(({ send }) => send)).toEqual([1, 2]);
    });
  });

  it('is not released by a retryReply during a send', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await withRun([async () => (await held, 'failed')], async (handle, sends) => {
      await eventually(() => sends.length === 1);
      await handle.signal(signals.retryReply);
      release();
      await isParked(handle);
      expect(sends).toHaveLength(1);
      await handle.signal(signals.retryReply);
      await handle.result();
      expect(sends).toHaveLength(2);
    });
  });

  it('parks again when it fails again, and keeps counting', async () => {
    await withRun(['failed', 'uncertain'], async (handle) => {
      await isParked(handle);
      await handle.signal(signals.retryReply);
      await eventually(async () => (await statusOf(handle)).parkedAs === 'uncertain');
      expect(await statusOf(handle)).toMatchObject({ state: 'parked', tries: 4 });
    });
  });

  it.each([
    ['sent', []],
    ['uncertain', ['uncertain']],
  ] as const)('retryReplyNow returns the outcome: %s', async (reply, rest) => {
    await withRun(['failed', ...rest], async (handle) => {
      await isParked(handle);
      expect(await handle.executeUpdate(updates.retryReplyNow)).toEqual({ reply });
    });
  });

  it('retryReplyNow joins a send that is running, and is refused on a closed run', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await withRun([async () => (await held, 'sent')], async (handle, sends) => {
      await eventually(() => sends.length === 1);
      const joined = handle.executeUpdate(updates.retryReplyNow);
      await handle.query(queries.status);
      release();
      expect(await joined).toEqual({ reply: 'sent' });
      expect(sends).toHaveLength(1);
      await expect(handle.executeUpdate(updates.retryReplyNow)).rejects.toMatchObject({
        name: 'WorkflowNotFoundError',
      });
    });
  });

  it('retryReplyNow is refused before there is anything to retry', async () => {
    const { activities } = activitiesThatSend([]);
    const message = aMessage();
    // Before the run: the refusal may come before the activity begins.
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = {
      ...activities,
      consider: async () => 'ask-model' as const,
      considerByModel: async (message: InboundMessage) => (await held, activities.considerByModel(message)),
    };
    await temporal.withWorker(slow, async () => {
      await temporal.startWorkflow(message);
      const refused = temporal.client.workflow.getHandle(message.id).executeUpdate(updates.retryReplyNow);
      await expect(refused).rejects.toBeInstanceOf(WorkflowUpdateFailedError);
      release();
      await temporal.client.workflow.getHandle(message.id).result();
    });
  });

  it.each(['before the send', 'parked'] as const)(
    'markReplySent ends the run as sent by the operator: %s',
    async (when) => {
      await withRun(['uncertain'], async (handle, sends) => {
        if (when === 'parked') await isParked(handle);
        await handle.signal(signals.markReplySent);
        const sendsThen = sends.length;
        const outcome: unknown = await handle.result();
        expect(outcome).toEqual({ verdict: { label: 'Agree', by: 'rules' }, reply: 'sent', by: 'operator' });
        expect(sends.length).toBeLessThanOrEqual(Math.max(sendsThen, 1));
      });
    },
  );

  it('markReplySent wins over pending retries', async () => {
    const message = aMessage();
    let sends = 0;
    const { activities } = activitiesThatSend([]);
    const refusing: Activities = {
      ...activities,
      sendReply: async () => {
        sends++;
        throw ApplicationFailure.create({
          type: failureTypes.replyNotSent,
          message: '503',
          nextRetryDelay: '5 minutes',
        });
      },
    };
    await temporal.withWorker(refusing, async () => {
      await temporal.startWorkflow(message);
      const handle = temporal.client.workflow.getHandle(message.id);
      await eventually(() => sends === 1);
      await handle.signal(signals.markReplySent);
      expect(await handle.result()).toMatchObject({ reply: 'sent', by: 'operator' });
      expect(sends).toBe(1);
    });
  });

  it('fails its run, with its failure type, when it is not released in time', async () => {
    await withRun(
      ['failed'],
      async (handle) => {
        await expect(handle.result()).rejects.toMatchObject({ cause: { type: failureTypes.replyFailed } });
        const query = `ReplyState='failed' AND WorkflowId='${handle.workflowId}' AND ExecutionStatus='Failed'`;
        await eventually(async () => (await temporal.client.workflow.count(query)).count === 1);
      },
      300,
    );
  });

  it('parks as uncertain and is sent once when a send times out, as after a crash', async () => {
    const never = new Promise<'sent'>(() => undefined);
    let ended: (value: 'sent') => void = () => undefined;
    const held = new Promise<'sent'>((resolve) => (ended = resolve));
    await withRun([() => Promise.race([never, held])], async (handle, sends) => {
      await eventually(async () => (await statusOf(handle)).parkedAs === 'uncertain', { withinMs: 30_000 });
      expect(sends).toHaveLength(1);
      ended('sent');
    });
  });
});
