import { writeFile } from 'node:fs/promises';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Activities } from '../../src/activities/index.js';
import type { Verdict } from '../../src/message.js';
import { failureTypes } from '../../src/temporal/contract.js';
import { startSuite } from '../helpers/global-setup.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest } from '../helpers/temporal.js';

/**
 * Records the histories that `replay.test.ts` replays, one for each branch of the workflow, from real runs:
 * `npx tsx test/workflows/record-histories.ts`. Old files stay what they are: they stand for runs that are still open
 * somewhere. Record new ones under new names when the workflow grows a branch.
 */
const verdict: Verdict = { label: 'Agree', by: 'rules', answer: 'Thank you!' };
const sent: Activities = { classify: async () => verdict, sendReply: async () => ({ reply: 'sent', gatewayMessageId: 'abc' }) };

function failing(type: string, times: number): Activities {
  let left = times;
  return {
    ...sent,
    sendReply: async () => {
      if (left-- === 0) return { reply: 'sent' };
      throw ApplicationFailure.create({ message: 'the gateway answered 429', type, nonRetryable: type !== failureTypes.replyNotSent, nextRetryDelay: 50 });
    },
  };
}

const branches: Record<string, Activities> = {
  sent,
  silent: { ...sent, classify: async () => ({ label: 'Neutral', by: 'openai', answer: null, silence: 'auto-reply-disabled' }) },
  'too-late': { ...sent, sendReply: async () => ({ reply: 'skipped', reason: 'too-late' }) },
  retried: failing(failureTypes.replyNotSent, 2),
  failed: failing(failureTypes.replyFailed, 1),
  uncertain: failing(failureTypes.replyUncertain, 1),
};

const suite = await startSuite();
const temporal = await connectForTest(suite);
for (const [name, activities] of Object.entries(branches)) {
  const message = aMessage({ guid: `recorded-${name}` });
  await temporal.withWorker(activities, async () => {
    await temporal.startWorkflow(message);
    await temporal.client.workflow.getHandle(message.guid).result().catch(() => undefined);
  });
  const history = await temporal.client.workflow.getHandle(message.guid).fetchHistory();
  await writeFile(new URL(`histories/${name}.json`, import.meta.url), historyToJSON(history));
  console.log(`recorded ${name}: ${history.events?.length} events`);
}
await temporal.close();
await suite.stop();
