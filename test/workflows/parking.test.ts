import { ApplicationFailure } from '@temporalio/common';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { SendAuthority } from '../../src/activities/send-reply.js';
import type { Verdict } from '../../src/message.js';
import { failureTypes } from '../../src/temporal/contract.js';
import type { Status } from '../../src/workflows/operators.js';
import { eventually } from '../helpers/eventually.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

type How = 'sent' | 'failed' | 'uncertain' | (() => Promise<'sent' | 'failed'>);

/** A gateway's answers, one for each send; after the last, sends succeed. */
function activitiesThatSend(hows: How[], parkMs = 600_000) {
  const sends: SendAuthority[] = [];
  const verdict: Verdict = { label: 'Agree', by: 'rules', parkMs, answer: 'Thank you!' };
  const activities: Activities = {
    classify: async () => verdict,
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

  const statusOf = (handle: WorkflowHandle) => handle.query<Status>('status');
  const isParked = (handle: WorkflowHandle) => eventually(async () => (await statusOf(handle)).state === 'parked');

  /** Starts a run whose sends go like this, and lets `work` act on it while a worker runs. */
  async function withRun<Result>(hows: How[], work: (handle: WorkflowHandle, sends: SendAuthority[]) => Promise<Result>, parkMs?: number): Promise<Result> {
    const { activities, sends } = activitiesThatSend(hows, parkMs);
    const message = aMessage();
    return temporal.withWorker(activities, async () => {
      await temporal.startWorkflow(message);
      return work(temporal.client.workflow.getHandle(message.guid), sends);
    });
  }

  it.each(['failed', 'uncertain'] as const)('parks as %s: open, found by ReplyState, and says what, when and how often', async (how) => {
    await withRun([how], async (handle) => {
      await isParked(handle);
      expect(await statusOf(handle)).toMatchObject({ state: 'parked', parkedAs: how, lastFailure: `the gateway said: ${how}`, tries: 2 });
      const query = `ReplyState='${how}' AND WorkflowId='${handle.workflowId}' AND ExecutionStatus='Running'`;
      await eventually(async () => (await temporal.client.workflow.count(query)).count === 1);
      await handle.signal('retryReply');
      expect(await handle.result()).toEqual({ verdict: { label: 'Agree', by: 'rules' }, reply: 'sent', gatewayMessageId: 'abc' });
      await eventually(async () => (await temporal.client.workflow.count(query.replace('Running', 'Completed'))).count === 0);
    });
  });

  it('costs one timer while it waits, and the happy path nothing', async () => {
    const events = await withRun(['failed'], async (handle) => {
      await isParked(handle);
      return (await handle.fetchHistory()).events ?? [];
    });
    expect(events.filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes)).toHaveLength(1);
  });

  it('is sent by one retryReply, with the operator’s authority, however often it is asked for at once', async () => {
    await withRun(['failed'], async (handle, sends) => {
      await isParked(handle);
      await Promise.all([handle.signal('retryReply'), handle.signal('retryReply'), handle.signal('retryReply')]);
      await handle.result();
      expect(sends.map(({ released }) => released)).toEqual([false, true]);
    });
  });

  it('is not asked for by a retryReply that comes while a send is running', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await withRun([async () => (await held, 'failed')], async (handle, sends) => {
      await eventually(() => sends.length === 1);
      await handle.signal('retryReply');
      release();
      await isParked(handle);
      expect(sends).toHaveLength(1);
      await handle.signal('retryReply');
      await handle.result();
      expect(sends).toHaveLength(2);
    });
  });

  it('parks again when it fails again, and counts on', async () => {
    await withRun(['failed', 'uncertain'], async (handle) => {
      await isParked(handle);
      await handle.signal('retryReply');
      await eventually(async () => (await statusOf(handle)).parkedAs === 'uncertain');
      expect(await statusOf(handle)).toMatchObject({ state: 'parked', tries: 4 });
    });
  });

  it.each([['sent', []], ['uncertain', ['uncertain']]] as const)('retryReplyNow answers with the outcome: %s', async (reply, rest) => {
    await withRun(['failed', ...rest], async (handle) => {
      await isParked(handle);
      expect(await handle.executeUpdate('retryReplyNow')).toEqual({ reply });
    });
  });

  it('retryReplyNow joins a send that is running, and is refused on a closed run', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await withRun([async () => (await held, 'sent')], async (handle, sends) => {
      await eventually(() => sends.length === 1);
      const joined = handle.executeUpdate('retryReplyNow');
      await handle.query('status');
      release();
      expect(await joined).toEqual({ reply: 'sent' });
      expect(sends).toHaveLength(1);
      await expect(handle.executeUpdate('retryReplyNow')).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
    });
  });

  it('retryReplyNow is refused before there is anything to retry', async () => {
    const { activities } = activitiesThatSend([]);
    const message = aMessage();
    // Before the run: the refusal may come before the activity begins.
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = { ...activities, classify: async (...args: Parameters<Activities['classify']>) => (await held, activities.classify(...args)) };
    await temporal.withWorker(slow, async () => {
      await temporal.startWorkflow(message);
      const refused = temporal.client.workflow.getHandle(message.guid).executeUpdate('retryReplyNow');
      await expect(refused).rejects.toBeInstanceOf(WorkflowUpdateFailedError);
      release();
      await temporal.client.workflow.getHandle(message.guid).result();
    });
  });

  it.each(['before the send', 'parked'] as const)('markReplySent ends the run as sent by the operator: %s', async (when) => {
    await withRun(['uncertain'], async (handle, sends) => {
      if (when === 'parked') await isParked(handle);
      await handle.signal('markReplySent');
      const sendsThen = sends.length;
      const outcome: unknown = await handle.result();
      expect(outcome).toEqual({ verdict: { label: 'Agree', by: 'rules' }, reply: 'sent', by: 'operator' });
      expect(sends.length).toBeLessThanOrEqual(Math.max(sendsThen, 1));
    });
  });

  it('markReplySent wins over retries that would come', async () => {
    const message = aMessage();
    let sends = 0;
    const { activities } = activitiesThatSend([]);
    const refusing: Activities = {
      ...activities,
      sendReply: async () => {
        sends++;
        throw ApplicationFailure.create({ type: failureTypes.replyNotSent, message: '503', nextRetryDelay: '5 minutes' });
      },
    };
    await temporal.withWorker(refusing, async () => {
      await temporal.startWorkflow(message);
      const handle = temporal.client.workflow.getHandle(message.guid);
      await eventually(() => sends === 1);
      await handle.signal('markReplySent');
      expect(await handle.result()).toMatchObject({ reply: 'sent', by: 'operator' });
      expect(sends).toBe(1);
    });
  });

  it('fails its run, by its type, when nobody asks in time', async () => {
    await withRun(['failed'], async (handle) => {
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'ReplyFailed' } });
      const query = `ReplyState='failed' AND WorkflowId='${handle.workflowId}' AND ExecutionStatus='Failed'`;
      await eventually(async () => (await temporal.client.workflow.count(query)).count === 1);
    }, 300);
  });

  it('parks as uncertain and is sent once when a send outlives its time, as after a crash', { timeout: 60_000 }, async () => {
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
