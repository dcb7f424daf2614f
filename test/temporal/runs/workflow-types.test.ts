import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { messageHashMemo, replyState, senderAttribute } from '../../../src/domain/names.js';
import { compareRun } from '../../../src/temporal/compare-run.js';
import { messageHash } from '../../../src/temporal/message-hash.js';
import { countParkedOf } from '../../../src/temporal/runs/count-parked.js';
import { eraseRuns } from '../../../src/temporal/runs/erase.js';
import { createRuns } from '../../../src/temporal/runs/runs.js';
import { createSenderKey } from '../../../src/temporal/sender-key.js';
import { aMessage } from '../../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../../helpers/suite-temporal.js';
import { eventually } from '../../kit/eventually.js';
import { testSecret } from '../../kit/secret.js';

const laterType = 'answerMessageLater';

// As in a release that has a second type.
vi.mock(import('../../../src/domain/names.js'), async (original) => {
  const names = await original();
  return { ...names, workflowTypes: [...names.workflowTypes, 'answerMessageLater'] };
});

let temporal: TemporalForTest;
beforeAll(async () => void (temporal = await connectForTest()));
afterAll(() => temporal.close());

it('a second workflow type is seen by runs, metrics, erase and the comparison of ids', async () => {
  const message = aMessage({ from: '+15550707004' });
  const sender = createSenderKey(testSecret)(message.sender);
  await temporal.client.workflow.start(laterType, {
    workflowId: message.id,
    taskQueue: temporal.taskQueue,
    args: [message],
    memo: { [messageHashMemo]: messageHash(message) },
    typedSearchAttributes: [
      { key: senderAttribute, value: sender },
      { key: replyState, value: 'failed' },
    ],
  });
  const runs = createRuns(temporal.client, () => '');
  await eventually(async () => {
    for await (const { workflowId } of runs.list({ state: 'failed' })) if (workflowId === message.id) return true;
    return false;
  });
  expect(await runs.stateOf(message.id)).toBe('failed');
  expect(await countParkedOf(async () => temporal.client)('failed', 5_000)).toBeGreaterThanOrEqual(1);
  expect(await compareRun(temporal.client, message.id, messageHash(message))).toBe('same');

  expect(await eraseRuns({ ...temporal, namespace: 'default' }, [sender])).toBe(1);
  expect(await runs.stateOf(message.id)).toBeUndefined();
});
