import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { Verdict } from '../../src/message.js';
import { failureTypes } from '../../src/temporal/contract.js';
import { eventually } from '../helpers/eventually.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

const verdict: Verdict = { label: 'Agree', by: 'rules', answer: 'Thank you!' };
const happy = { classify: async () => verdict, sendReply: async () => ({ reply: 'sent', gatewayMessageId: 'abc' }) } satisfies Activities;

describe('answerMessage', () => {
  let temporal: TemporalForTest;
  beforeAll(async () => {
    temporal = await connectForTest();
  });
  afterAll(() => temporal.close());

  const outcomeOf = (guid: string): Promise<unknown> => temporal.client.workflow.getHandle(guid).result();
  /** Starts a message's workflow and returns how its failure reads. */
  async function failureOf(activities: Activities) {
    const message = aMessage();
    const error: unknown = await temporal.withWorker(activities, async () => {
      await temporal.startWorkflow(message);
      return outcomeOf(message.guid).catch((reason: unknown) => reason);
    });
    expect(error).toBeInstanceOf(WorkflowFailedError);
    return (error as WorkflowFailedError).cause as ApplicationFailure;
  }

  it('classifies, replies and says what became of the message, without its answer', async () => {
    const message = aMessage();
    const outcome = await temporal.withWorker(happy, async () => {
      expect(await temporal.startWorkflow(message)).toBe('started');
      return outcomeOf(message.guid);
    });
    expect(outcome).toEqual({ verdict: { label: 'Agree', by: 'rules' }, reply: 'sent', gatewayMessageId: 'abc' });
  });

  it('takes 17 events for a reply, and nothing more', async () => {
    const message = aMessage();
    await temporal.withWorker(happy, async () => {
      await temporal.startWorkflow(message);
      await outcomeOf(message.guid);
    });
    const { events } = await temporal.client.workflow.getHandle(message.guid).fetchHistory();
    expect(events?.length).toBe(17);
  });

  it('stays silent without a send when the playbook has no answer', async () => {
    const message = aMessage();
    const sends: unknown[] = [];
    const outcome = await temporal.withWorker(
      {
        classify: async () => ({ label: 'Neutral', by: 'openai', answer: null, silence: 'auto-reply-disabled' }),
        sendReply: async (...send) => (sends.push(send), { reply: 'sent' }),
      },
      async () => {
        await temporal.startWorkflow(message);
        return outcomeOf(message.guid);
      },
    );
    expect(outcome).toEqual({ verdict: { label: 'Neutral', by: 'openai' }, reply: 'skipped', reason: 'auto-reply-disabled' });
    expect(sends).toEqual([]);
  });

  it('hands on that a message was too late', async () => {
    const message = aMessage();
    const outcome = await temporal.withWorker({ ...happy, sendReply: async () => ({ reply: 'skipped', reason: 'too-late' }) }, async () => {
      await temporal.startWorkflow(message);
      return outcomeOf(message.guid);
    });
    expect(outcome).toMatchObject({ reply: 'skipped', reason: 'too-late' });
  });

  it('starts no second workflow for a GUID, running or closed', async () => {
    const message = aMessage();
    let sends = 0;
    await temporal.startWorkflow(message);
    expect(await temporal.startWorkflow({ ...message, text: 'another text' })).toBe('duplicate');
    await temporal.withWorker({ ...happy, sendReply: async () => (sends++, { reply: 'sent' }) }, () => outcomeOf(message.guid));
    expect(await temporal.startWorkflow(message)).toBe('duplicate');
    expect(sends).toBe(1);
  });

  it('retries what surely was not sent, at the time the gateway asked for', async () => {
    const message = aMessage();
    const sends: number[] = [];
    const outcome = await temporal.withWorker(
      {
        ...happy,
        sendReply: async () => {
          sends.push(Date.now());
          if (sends.length > 1) return { reply: 'sent' };
          throw ApplicationFailure.create({ type: failureTypes.replyNotSent, message: 'the gateway answered 429', nextRetryDelay: 100 });
        },
      },
      async () => {
        await temporal.startWorkflow(message);
        return outcomeOf(message.guid);
      },
    );
    expect(outcome).toMatchObject({ reply: 'sent' });
    expect(sends.length).toBe(2);
  });

  it('fails as ReplyFailed when the gateway said no for good', async () => {
    const failure = await failureOf({
      ...happy,
      sendReply: async () => {
        throw ApplicationFailure.nonRetryable('the gateway answered 400', failureTypes.replyFailed);
      },
    });
    expect(failure.type).toBe('ReplyFailed');
  });

  it('fails as ReplyUncertain when nobody knows, and sends once', async () => {
    let sends = 0;
    const failure = await failureOf({
      ...happy,
      sendReply: async () => {
        sends++;
        throw ApplicationFailure.nonRetryable('the connection was reset', failureTypes.replyUncertain);
      },
    });
    expect(failure.type).toBe('ReplyUncertain');
    expect(sends).toBe(1);
  });

  it('fails as ReplyUncertain and sends once when a send outlives its time, as after a crash', { timeout: 60_000 }, async () => {
    let sends = 0;
    let release: () => void = () => undefined;
    const failure = await failureOf({
      ...happy,
      sendReply: async () => {
        sends++;
        const held = new Promise<void>((resolve) => (release = resolve));
        setTimeout(release, 17_000);
        await held;
        return { reply: 'sent' };
      },
    });
    expect(failure.type).toBe('ReplyUncertain');
    expect(sends).toBe(1);
  });

  it('answers with the types it knows only: a failure without details of the message', async () => {
    const message = aMessage({ text: 'a secret text', number: '+15557654321' });
    await temporal.withWorker(
      {
        ...happy,
        sendReply: async () => {
          throw ApplicationFailure.nonRetryable('the gateway answered 400', failureTypes.replyFailed);
        },
      },
      async () => {
        await temporal.startWorkflow(message);
        await outcomeOf(message.guid).catch(() => undefined);
      },
    );
    const { events } = await temporal.client.workflow.getHandle(message.guid).fetchHistory();
    const failed = events?.find(({ workflowExecutionFailedEventAttributes }) => workflowExecutionFailedEventAttributes);
    expect(JSON.stringify(failed)).not.toMatch(/secret|7654321/);
    await eventually(async () => (await temporal.client.workflow.getHandle(message.guid).describe()).status.name === 'FAILED');
  });
});
