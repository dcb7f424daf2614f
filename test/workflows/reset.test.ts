import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptInput } from '../../src/simulated-gateway/script.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/simulated-gateway/server.js';
import type { Status } from '../../src/workflows/operators.js';
import { eventually } from '../helpers/eventually.js';
import { aMessage } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

describe('a reset run never sends by itself', () => {
  let temporal: TemporalForTest;
  let gateway: SimulatedGateway;

  beforeAll(async () => {
    [temporal, gateway] = await Promise.all([connectForTest(), startSimulatedGateway({ port: 0 })]);
  });
  afterAll(async () => {
    await Promise.all([temporal.close(), gateway.close()]);
  });

  const statusOf = (handle: WorkflowHandle) => handle.query<Status>('status');
  const isParked = (handle: WorkflowHandle) => eventually(async () => (await statusOf(handle)).state === 'parked');

  type Story = { script: ScriptInput; acts: (handle: WorkflowHandle) => Promise<unknown> };
  const stories: Record<string, Story> = {
    sent: { script: [], acts: (handle) => handle.result() },
    parked: { script: [{ status: 400 }], acts: isParked },
    'released, then sent': {
      script: [{ status: 400 }],
      async acts(handle) {
        await isParked(handle);
        await handle.signal('retryReply');
        await handle.result();
      },
    },
    'released by an update, then sent': {
      script: [{ status: 400 }],
      async acts(handle) {
        await isParked(handle);
        await handle.executeUpdate('retryReplyNow');
      },
    },
    'uncertain, asked for twice, then sent': {
      script: [{ status: 502 }, { status: 400 }],
      async acts(handle) {
        await isParked(handle);
        await handle.signal('retryReply');
        await eventually(async () => (await statusOf(handle)).parkedAs === 'failed');
        await handle.signal('retryReply');
        await handle.result();
      },
    },
    'in flight': {
      script: [{ delayMs: 1_500 }],
      acts: () => eventually(() => gateway.sent.count > 0),
    },
  };

  /** The ids at which a run can be reset: each workflow task that was completed. */
  async function resetPoints(handle: WorkflowHandle): Promise<number[]> {
    const { events } = await handle.fetchHistory();
    return (events ?? []).filter(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes).map(({ eventId }) => Number(eventId));
  }

  async function reset(handle: WorkflowHandle, eventId: number): Promise<void> {
    const { runId } = await handle.describe();
    await temporal.connection.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId, runId },
      reason: 'a test',
      workflowTaskFinishEventId: eventId as never,
      requestId: randomUUID(),
    });
  }

  async function run(story: Story): Promise<WorkflowHandle> {
    const message = aMessage();
    gateway.sent.clear();
    gateway.script(story.script);
    await temporal.startWorkflow(message);
    const handle = temporal.client.workflow.getHandle(message.guid);
    await story.acts(handle);
    return handle;
  }

  const parksOrCloses = (handle: WorkflowHandle) =>
    eventually(async () => {
      const { status } = await handle.describe();
      if (status.name === 'COMPLETED') return 'closed';
      return (await statusOf(handle)).state === 'parked' && 'parked';
    }).then((how) => how === 'closed');

  it.each(Object.keys(stories))('%s: at every workflow task, and a retryReply asked for after it releases the reply', { timeout: 120_000 }, async (name) => {
    const story = stories[name] as Story;
    await temporal.withWorker(realActivities(temporal, gateway.url), async () => {
      const count = (await resetPoints(await run(story))).length;
      for (let point = 0; point < count; point++) {
        const handle = await run(story);
        await reset(handle, (await resetPoints(handle))[point] as number);
        const isClosed = await parksOrCloses(handle);
        const before = gateway.sent.count;
        expect(before).toBeLessThanOrEqual(1);
        // Reset behind its send, a run only repeats the recorded result.
        if (isClosed) continue;
        await handle.signal('retryReply');
        const outcome: unknown = await handle.result();
        expect(outcome, `${name}, reset at workflow task ${point + 1}`).toMatchObject({ reply: 'sent' });
        expect(gateway.sent.count - before, `${name}, released after a reset at workflow task ${point + 1}`).toBe(1);
      }
    });
  });

  it('and a run that was ever marked as sent ends so, whenever it is reset', { timeout: 60_000 }, async () => {
    const marked: Story = {
      script: [{ status: 502 }],
      async acts(handle) {
        await isParked(handle);
        await handle.signal('markReplySent');
        await handle.result();
      },
    };
    await temporal.withWorker(realActivities(temporal, gateway.url), async () => {
      const count = (await resetPoints(await run(marked))).length;
      for (let point = 0; point < count; point++) {
        const handle = await run(marked);
        await reset(handle, (await resetPoints(handle))[point] as number);
        const outcome: unknown = await handle.result();
        expect(outcome, `reset at workflow task ${point + 1}`).toMatchObject({ reply: 'sent', by: 'operator' });
        expect(gateway.sent.count).toBe(0);
      }
    });
  });
});
