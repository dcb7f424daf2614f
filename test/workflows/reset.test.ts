import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';
import { aMessage } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { queries, signals, updates } from '../../src/domain/names.js';

describe('a reset run never sends by itself', () => {
  let temporal: TemporalForTest;
  let gateway: SimulatedGateway;

  beforeAll(async () => {
    [temporal, gateway] = await Promise.all([connectForTest(), startSimulatedGateway({ port: 0 })]);
  });
  afterAll(async () => {
    await Promise.all([temporal.close(), gateway.close()]);
  });

  const statusOf = (handle: WorkflowHandle) => handle.query<Status>(queries.status);
  const isParked = (handle: WorkflowHandle) => eventually(async () => (await statusOf(handle)).state === 'parked');

  type Story = { script: ScriptInput; acts: (handle: WorkflowHandle) => Promise<unknown> };
  const stories: Record<string, Story> = {
    sent: { script: [], acts: (handle) => handle.result() },
    parked: { script: [{ status: 400 }], acts: isParked },
    'released, then sent': {
      script: [{ status: 400 }],
      async acts(handle) {
        await isParked(handle);
        await handle.signal(signals.retryReply);
        await handle.result();
      },
    },
    'released by an update, then sent': {
      script: [{ status: 400 }],
      async acts(handle) {
        await isParked(handle);
        await handle.executeUpdate(updates.retryReplyNow);
        await handle.result();
      },
    },
    'uncertain, asked for twice, then sent': {
      script: [{ status: 502 }, { status: 400 }],
      async acts(handle) {
        await isParked(handle);
        await handle.signal(signals.retryReply);
        await eventually(async () => (await statusOf(handle)).parkedAs === 'failed');
        await handle.signal(signals.retryReply);
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
    return (events ?? [])
      .filter(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes)
      .map(({ eventId }) => Number(eventId));
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
    const handle = temporal.client.workflow.getHandle(message.id);
    await story.acts(handle);
    return handle;
  }

  /** Resets one run of the story at each of its workflow tasks, and checks what becomes of it. */
  async function resetAtEach(story: Story, check: (handle: WorkflowHandle, task: number) => Promise<void>) {
    for (let task = 1, tasks = 1; task <= tasks; task++) {
      const handle = await run(story);
      const points = await resetPoints(handle);
      // Some runs have a task less: what happens at nearly the same time shares one.
      tasks = points.length;
      await reset(handle, points[Math.min(task, tasks) - 1] as number);
      await check(handle, task);
    }
  }

  const parksOrCloses = (handle: WorkflowHandle) =>
    eventually(async () => {
      const { status } = await handle.describe();
      if (status.name === 'COMPLETED') return 'closed';
      return (await statusOf(handle)).state === 'parked' && 'parked';
    }).then((how) => how === 'closed');

  it.each(Object.keys(stories))(
    '%s: at every workflow task; a retryReply after the reset releases the reply',
    { timeout: 120_000 },
    async (name) => {
      const story = stories[name] as Story;
      await temporal.withWorker(realActivities(temporal, gateway.url), async () => {
        await resetAtEach(story, async (handle, task) => {
          const isClosed = await parksOrCloses(handle);
          const before = gateway.sent.count;
          expect(before).toBeLessThanOrEqual(1);
          // Reset behind its send, a run only repeats the recorded result.
          if (isClosed) return;
          await handle.signal(signals.retryReply);
          const outcome: unknown = await handle.result();
          expect(outcome, `${name}, reset at workflow task ${task}`).toMatchObject({ reply: 'sent' });
          expect(gateway.sent.count - before, `${name}, released after a reset at workflow task ${task}`).toBe(1);
        });
      });
    },
  );

  it('a run that was marked as sent ends that way, whenever it is reset', async () => {
    const marked: Story = {
      script: [{ status: 502 }],
      async acts(handle) {
        await isParked(handle);
        await handle.signal(signals.markReplySent);
        await handle.result();
      },
    };
    await temporal.withWorker(realActivities(temporal, gateway.url), async () => {
      await resetAtEach(marked, async (handle, task) => {
        const outcome: unknown = await handle.result();
        expect(outcome, `reset at workflow task ${task}`).toMatchObject({ reply: 'sent', by: 'operator' });
        expect(gateway.sent.count).toBe(0);
      });
    });
  });
});
