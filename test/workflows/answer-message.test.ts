import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { Verdict } from '../../src/message.js';
import { failureTypes } from '../../src/temporal/contract.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

const verdict: Verdict = { label: 'Agree', by: 'rules', parkMs: 1_000, answer: 'Thank you!' };
const happy = { classify: async () => verdict, sendReply: async () => ({ reply: 'sent', gatewayMessageId: 'abc' }) } satisfies Activities;

describe('answerMessage', () => {
  let temporal: TemporalForTest;
  beforeAll(async () => {
    temporal = await connectForTest();
  });
  afterAll(() => temporal.close());

  const outcomeOf = (guid: string): Promise<unknown> => temporal.client.workflow.getHandle(guid).result();
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
        classify: async () => ({ label: 'Neutral', by: 'openai', parkMs: 1_000, answer: null, silence: 'auto-reply-disabled' }),
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
});
