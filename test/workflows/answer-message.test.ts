import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { failureTypes } from '../../src/domain/names.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

const happy = {
  consider: async () => aDecision(),
  considerByModel: async () => aDecision(),
  prolong: async () => {},
  remember: async () => ({ isChanged: true }),
  tellParked: async () => {},
  sendReply: async () => ({ reply: 'sent', gatewayMessageId: 'abc' }),
} satisfies Activities;

describe('answerMessage', () => {
  let temporal: TemporalForTest;
  beforeAll(async () => {
    temporal = await connectForTest();
  });
  afterAll(() => temporal.close());

  const outcomeOf = (guid: string): Promise<unknown> => temporal.client.workflow.getHandle(guid).result();
  it('considers, replies and returns the outcome, without the text', async () => {
    const message = aMessage();
    const outcome = await temporal.withWorker(happy, async () => {
      expect(await temporal.startWorkflow(message)).toBe('started');
      return outcomeOf(message.id);
    });
    expect(outcome).toEqual({ verdict: { label: 'Agree', by: 'rules' }, reply: 'sent', gatewayMessageId: 'abc' });
  });

  it('uses 12 events for a reply', async () => {
    const message = aMessage();
    await temporal.withWorker(happy, async () => {
      await temporal.startWorkflow(message);
      await outcomeOf(message.id);
    });
    const { events } = await temporal.client.workflow.getHandle(message.id).fetchHistory();
    expect(events?.length).toBe(12);
  });

  it('stays silent without a send when the playbook has no template', async () => {
    const message = aMessage();
    const sends: unknown[] = [];
    const outcome = await temporal.withWorker(
      {
        consider: async () => ({
          verdict: { label: 'Neutral', by: 'openai' },
          kind: 'silent',
          reason: 'auto-reply-disabled',
        }),
        sendReply: async (...send) => (sends.push(send), { reply: 'sent' }),
      },
      async () => {
        await temporal.startWorkflow(message);
        return outcomeOf(message.id);
      },
    );
    expect(outcome).toEqual({
      verdict: { label: 'Neutral', by: 'openai' },
      reply: 'skipped',
      reason: 'auto-reply-disabled',
    });
    expect(sends).toEqual([]);
  });

  it('returns that a message was too old', async () => {
    const message = aMessage();
    const outcome = await temporal.withWorker(
      { ...happy, sendReply: async () => ({ reply: 'skipped', reason: 'too-late' }) },
      async () => {
        await temporal.startWorkflow(message);
        return outcomeOf(message.id);
      },
    );
    expect(outcome).toMatchObject({ reply: 'skipped', reason: 'too-late' });
  });

  it('starts no second workflow for a GUID, running or closed', async () => {
    const message = aMessage();
    let sends = 0;
    await temporal.startWorkflow(message);
    expect(await temporal.startWorkflow(message)).toBe('duplicate');
    await temporal.withWorker({ ...happy, sendReply: async () => (sends++, { reply: 'sent' }) }, () =>
      outcomeOf(message.id),
    );
    expect(await temporal.startWorkflow(message)).toBe('duplicate');
    expect(sends).toBe(1);
  });

  it('retries what was certainly not sent, after the time that the gateway asked for', async () => {
    const message = aMessage();
    const sends: number[] = [];
    const outcome = await temporal.withWorker(
      {
        ...happy,
        sendReply: async () => {
          sends.push(Date.now());
          if (sends.length > 1) return { reply: 'sent' };
          throw ApplicationFailure.create({
            type: failureTypes.replyNotSent,
            message: 'the gateway answered 429',
            nextRetryDelay: 100,
          });
        },
      },
      async () => {
        await temporal.startWorkflow(message);
        return outcomeOf(message.id);
      },
    );
    expect(outcome).toMatchObject({ reply: 'sent' });
    expect(sends.length).toBe(2);
  });
});
