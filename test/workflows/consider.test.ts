import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { considerRetry } from '../../src/domain/waiting.js';
import { queries, replyState, signals } from '../../src/domain/names.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

describe('a message that can’t be considered', () => {
  let temporal: TemporalForTest;
  beforeAll(async () => {
    temporal = await connectForTest();
  });
  afterAll(() => temporal.close());

  it('parks visibly after three attempts, and is considered again when it is released', async () => {
    let attempts = 0;
    await temporal.withWorker(
      {
        consider: async () => {
          attempts++;
          if (attempts <= considerRetry.attempts) throw new Error('a bug in the rules');
          return aDecision();
        },
        sendReply: async () => ({ reply: 'sent' }),
      },
      async () => {
        const message = aMessage();
        await temporal.startWorkflow(message);
        const handle = temporal.client.workflow.getHandle(message.id);
        await eventually(async () => (await handle.query<Status>(queries.status)).state === 'parked');
        expect(attempts).toBe(considerRetry.attempts);
        expect((await handle.describe()).typedSearchAttributes.get(replyState)).toBe('failed');
        await handle.signal(signals.retryReply);
        expect(await handle.result()).toEqual({ verdict: { label: 'Agree', by: 'rules' }, reply: 'sent' });
      },
    );
  });

  it('that was released to be considered again is not sent past its age', async () => {
    let attempts = 0;
    const sends: number[] = [];
    await temporal.withWorker(
      {
        consider: async () => {
          if (attempts++ < considerRetry.attempts) throw new Error('a bug in the rules');
          return aDecision();
        },
        sendReply: async (_message, _text, { send }) => (sends.push(send), { reply: 'sent' }),
      },
      async () => {
        const message = aMessage();
        await temporal.startWorkflow(message);
        const handle = temporal.client.workflow.getHandle(message.id);
        await eventually(async () => (await handle.query<Status>(queries.status)).state === 'parked');
        await handle.signal(signals.retryReply);
        await handle.result();
        // The first send, as without the release: the age of the message counts.
        expect(sends).toEqual([1]);
      },
    );
  });

  it('by a reset run parks as uncertain: the run before may have sent the reply', async () => {
    const message = aMessage();
    let isBroken = false;
    await temporal.withWorker(
      {
        consider: async () => {
          if (isBroken) throw new Error('a bug in the rules');
          return aDecision();
        },
        sendReply: async () => ({ reply: 'sent' }),
      },
      async () => {
        await temporal.startWorkflow(message);
        const handle = temporal.client.workflow.getHandle(message.id);
        await handle.result();
        isBroken = true;
        const { runId } = await handle.describe();
        await temporal.connection.workflowService.resetWorkflowExecution({
          namespace: 'default',
          workflowExecution: { workflowId: message.id, runId },
          workflowTaskFinishEventId: 4 as never,
          requestId: randomUUID(),
          reason: 'a test',
        });
        await eventually(async () => (await handle.query<Status>(queries.status)).parkedAs === 'uncertain');
        await handle.terminate();
      },
    );
  });

  it('ends as sent by the operator, without a verdict, when it is marked', async () => {
    await temporal.withWorker({ consider: () => Promise.reject(new Error('a bug in the rules')) }, async () => {
      const message = aMessage();
      await temporal.startWorkflow(message);
      const handle = temporal.client.workflow.getHandle(message.id);
      await eventually(async () => (await handle.query<Status>(queries.status)).state === 'parked');
      await handle.signal(signals.markReplySent);
      expect(await handle.result()).toEqual({ reply: 'sent', by: 'operator' });
    });
  });
});
