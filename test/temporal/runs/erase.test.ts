import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { senderAttribute } from '../../../src/domain/names.js';
import { eraseRuns } from '../../../src/temporal/runs/erase.js';
import { createSenderKey } from '../../../src/temporal/sender-key.js';
import { aDecision, aMessage } from '../../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../../helpers/suite-temporal.js';
import { eventually } from '../../kit/eventually.js';
import { testSecret } from '../../kit/secret.js';

const namespace = 'default';
const keyOf = createSenderKey(testSecret);

let temporal: TemporalForTest;
beforeAll(async () => void (temporal = await connectForTest()));
afterAll(() => temporal.close());

const erase = (number: string) => eraseRuns({ ...temporal, namespace }, [keyOf(number)]);
const query = (number: string) => `${senderAttribute.name} = '${keyOf(number)}'`;
const haveRuns = (number: string, runs: number) =>
  eventually(async () => (await temporal.client.workflow.count(query(number))).count === runs);
const isThere = (workflowId: string) =>
  temporal.client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => true,
      () => false,
    );

it("a person's renamed run is erased, and the run of another person under the id is not", async () => {
  const [number, other] = ['+15550707001', '+15550707002'];
  const message = aMessage({ from: other });
  await temporal.startWorkflow(message);
  const renamed = aMessage({ id: message.id, from: number });
  await temporal.startWorkflow(renamed);
  await haveRuns(number, 1);

  expect(await erase(number)).toBe(1);
  expect([await isThere(message.id), await isThere(`${message.id}-2`)]).toEqual([true, false]);
  // Nothing recognises it any more.
  expect(await temporal.startWorkflow(renamed)).toBe('started');
});

it('runs that have ended, and their resets, are erased too', { timeout: 150_000 }, async () => {
  const message = aMessage({ from: '+15550707003' });
  const activities = { consider: async () => aDecision(), sendReply: async () => ({ reply: 'sent' as const }) };
  await temporal.withWorker(activities, async () => {
    await temporal.startWorkflow(message);
    const handle = temporal.client.workflow.getHandle(message.id);
    await handle.result();
    const { events } = await handle.fetchHistory();
    const ended = events?.find(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes);
    await temporal.connection.workflowService.resetWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: message.id, runId: (await handle.describe()).runId },
      reason: 'a test',
      workflowTaskFinishEventId: ended?.eventId ?? null,
      requestId: randomUUID(),
    });
  });
  await haveRuns(message.from, 2);
  expect(await erase(message.from)).toBe(2);
  expect(await isThere(message.id)).toBe(false);
});

it('many runs are erased in about the time of one', async () => {
  const messages = Array.from({ length: 50 }, () => aMessage({ from: '+15550707005' }));
  await Promise.all(messages.map((message) => temporal.startWorkflow(message)));
  await haveRuns('+15550707005', 50);
  expect(await erase('+15550707005')).toBe(50);
  expect(await Promise.all(messages.map(({ id }) => isThere(id)))).toEqual(messages.map(() => false));
  // Lists still show some of them: those are not counted again.
  expect(await erase('+15550707005')).toBe(0);
});
