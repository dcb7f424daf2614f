import { writeFile } from 'node:fs/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Activities } from '../../src/activities/index.js';
import type { Verdict } from '../../src/message.js';
import { failureTypes } from '../../src/temporal/contract.js';
import type { Status } from '../../src/workflows/operators.js';
import { eventually } from '../helpers/eventually.js';
import { startSuite } from '../helpers/global-setup.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest } from '../helpers/temporal.js';
import { createLimitedWorker } from '../../src/worker/worker.js';

/**
 * Records the histories that `replay.test.ts` replays, one for each branch of the workflow, from real runs:
 * `npx tsx test/workflows/record-histories.ts`. Old files stay what they are: they stand for runs that are still open
 * somewhere. Record new ones under new names when the workflow grows a branch.
 */
const verdict: Verdict = { label: 'Agree', by: 'rules', parkMs: 600_000, answer: 'Thank you!' };
const sent: Activities = { classify: async () => verdict, sendReply: async () => ({ reply: 'sent', gatewayMessageId: 'abc' }) };

/** Sends that fail like this so many times. */
function failing(type: string, times: number): Activities {
  let left = times;
  return {
    ...sent,
    sendReply: async () => {
      if (left-- === 0) return { reply: 'sent' };
      throw ApplicationFailure.create({ message: 'the gateway answered 429', type, nonRetryable: type !== failureTypes.replyNotSent, nextRetryDelay: 50, details: [{ attempt: 1 }] });
    },
  };
}

/** Task queues that limits name, and what goes on there. */
const turns = 'turns';
const failingTurns = 'failing-turns';
const failingAtOnce = 'failing-at-once';
const inTurn: Record<string, Activities> = { [turns]: sent, [failingTurns]: failing(failureTypes.replyFailed, 1), [failingAtOnce]: failing(failureTypes.replyFailed, 1) };

interface Branch {
  activities: Activities;
  acts?: (handle: WorkflowHandle) => Promise<unknown>;
}

const isParked = (handle: WorkflowHandle) => eventually(async () => (await handle.query<Status>('status')).state === 'parked');
const parkedAnd = (acts: (handle: WorkflowHandle) => Promise<unknown>) => async (handle: WorkflowHandle) => {
  await isParked(handle);
  await acts(handle);
};

const branches: Record<string, Branch> = {
  sent: { activities: sent },
  silent: { activities: { ...sent, classify: async () => ({ label: 'Neutral', by: 'openai', parkMs: 1, answer: null, silence: 'auto-reply-disabled' }) } },
  'too-late': { activities: { ...sent, sendReply: async () => ({ reply: 'skipped', reason: 'too-late' }) } },
  retried: { activities: failing(failureTypes.replyNotSent, 2) },
  'parked-released': { activities: failing(failureTypes.replyFailed, 1), acts: parkedAnd((handle) => handle.signal('retryReply')) },
  'parked-twice-updated': {
    activities: failing(failureTypes.replyUncertain, 2),
    acts: parkedAnd(async (handle) => {
      await handle.executeUpdate('retryReplyNow');
      await handle.executeUpdate('retryReplyNow');
    }),
  },
  'uncertain-marked': { activities: failing(failureTypes.replyUncertain, 1), acts: parkedAnd((handle) => handle.signal('markReplySent')) },
  'in-turn': { activities: { classify: async () => ({ askOn: turns }), sendReply: async () => ({ askOn: turns }) } },
  'in-turn-released': { activities: { ...sent, sendReply: async () => ({ askOn: failingTurns }) }, acts: parkedAnd((handle) => handle.signal('retryReply')) },
  'in-turn-at-once': { activities: { classify: async () => ({ ...verdict, sendsOn: failingAtOnce }), sendReply: async () => ({ reply: 'sent' }) }, acts: parkedAnd((handle) => handle.signal('retryReply')) },
  expired: { activities: { ...failing(failureTypes.replyFailed, 9), classify: async () => ({ ...verdict, parkMs: 200 }) } },
};

const suite = await startSuite();
const temporal = await connectForTest(suite);
const limited = await Promise.all(
  Object.entries(inTurn).map(([taskQueue, activities]) => createLimitedWorker({ connection: temporal.connection, namespace: 'default', dataConverter: {}, taskQueue, activities, perSecond: 100 })),
);
const limitedRuns = limited.map((worker) => worker.run());
for (const [name, { activities, acts }] of Object.entries(branches)) {
  const message = aMessage({ guid: `recorded-${name}` });
  await temporal.withWorker(activities, async () => {
    await temporal.startWorkflow(message);
    const handle = temporal.client.workflow.getHandle(message.guid);
    await acts?.(handle);
    await handle.result().catch(() => undefined);
  });
  const history = await temporal.client.workflow.getHandle(message.guid).fetchHistory();
  // Stack traces name this machine's folders.
  await writeFile(new URL(`histories/${name}.json`, import.meta.url), historyToJSON(history).replaceAll(`${process.cwd()}/`, ''));
  console.log(`recorded ${name}: ${history.events?.length} events`);
}
for (const worker of limited) worker.shutdown();
await Promise.all(limitedRuns);
await temporal.close();
await suite.stop();
