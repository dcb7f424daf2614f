import { writeFile } from 'node:fs/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Activities } from '../../src/activities/index.js';
import type { InboundMessage } from '../../src/domain/message.js';
import { considerRetry } from '../../src/domain/waiting.js';
import { refusedAsOptedOut, type RunReceipt } from '../../src/domain/receipt.js';
import { failureTypes, queries, signals, updates } from '../../src/domain/names.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';
import { startSuite } from '../helpers/global-setup.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest } from '../helpers/suite-temporal.js';
import { codeHash, workflowModules } from './bundle.js';

/**
 * Records the histories that `replay.test.ts` replays, one for each branch of the workflow, from real runs:
 * `npx tsx test/workflows/record-histories.ts`. It writes the folder of the coming release; those of earlier releases
 * stay as they are, since their runs may still be open. See docs/changing-workflows.md.
 */
const sent: Activities = {
  consider: async () => aDecision(),
  considerByModel: async () => aDecision({ verdict: { label: 'Agree', by: 'openai' } }),
  prolong: async () => {},
  remember: async () => ({ isChanged: true }),
  tellParked: async () => {},
  sendReply: async () => ({ reply: 'sent', gatewayMessageId: 'abc' }),
};

/** Sends that fail like this so many times. */
function failing(type: string, times: number): Activities {
  let left = times;
  return {
    ...sent,
    sendReply: async () => {
      if (left-- === 0) return { reply: 'sent' };
      throw ApplicationFailure.create({
        message: 'the gateway answered 429',
        type,
        nonRetryable: type !== failureTypes.replyNotSent,
        nextRetryDelay: 50,
        details: [{ attempt: 1 }],
      });
    },
  };
}

/** The rules that fail so many times. */
function failingToConsider(times: number): Activities {
  let left = times;
  return {
    ...sent,
    consider: async () => {
      if (left-- === 0) return aDecision();
      throw new Error('a bug in the rules');
    },
  };
}

const optOut = aDecision({
  verdict: { label: 'opt-out', by: 'rules' },
  contact: { to: 'opted-out', words: 'STOP' },
  despite: 'anything',
});

interface Branch {
  activities: Partial<Activities>;
  message?: Partial<InboundMessage>;
  acts?: (handle: WorkflowHandle) => Promise<unknown>;
}

const isParked = (handle: WorkflowHandle) =>
  eventually(async () => (await handle.query<Status>(queries.status)).state === 'parked');
const parkedAnd = (acts: (handle: WorkflowHandle) => Promise<unknown>) => async (handle: WorkflowHandle) => {
  await isParked(handle);
  await acts(handle);
};

const branches: Record<string, Branch> = {
  sent: { activities: sent },
  silent: {
    activities: {
      ...sent,
      consider: async () => ({
        verdict: { label: 'Neutral', by: 'openai' },
        kind: 'silent',
        reason: 'auto-reply-disabled',
      }),
    },
  },
  'too-late': { activities: { ...sent, sendReply: async () => ({ reply: 'skipped', reason: 'too-late' }) } },
  retried: { activities: failing(failureTypes.replyNotSent, 2) },
  'parked-released': {
    activities: failing(failureTypes.replyFailed, 1),
    acts: parkedAnd((handle) => handle.signal(signals.retryReply)),
  },
  'parked-twice-updated': {
    activities: failing(failureTypes.replyUncertain, 2),
    acts: parkedAnd(async (handle) => {
      await handle.executeUpdate(updates.retryReplyNow);
      await handle.executeUpdate(updates.retryReplyNow);
    }),
  },
  'uncertain-marked': {
    activities: failing(failureTypes.replyUncertain, 1),
    acts: parkedAnd((handle) => handle.signal(signals.markReplySent)),
  },
  'by-model': { activities: { ...sent, consider: async () => 'ask-model' } },
  'not-considered-released': {
    activities: failingToConsider(considerRetry.attempts),
    acts: parkedAnd((handle) => handle.signal(signals.retryReply)),
  },
  'dropped-by-server': {
    activities: { consider: async () => aDecision({ maxAgeMs: 1_000 }) },
  },
  'opted-out': { activities: { ...sent, consider: async () => optOut } },
  'opted-out-before': {
    activities: {
      ...sent,
      consider: async () => optOut,
      remember: async () => ({ isChanged: false, stays: 'opted-out' }),
    },
  },
  'opted-out-at-provider': { activities: { ...sent, sendReply: async () => refusedAsOptedOut } },
  unreachable: {
    activities: {
      ...sent,
      sendReply: async () => {
        const details = { attempt: 1, number: 'unreachable' };
        throw ApplicationFailure.nonRetryable('refused', failureTypes.replyFailed, details);
      },
    },
    acts: parkedAnd((handle) => handle.signal(signals.markReplySent)),
  },
  'opted-out-by-receipt': {
    activities: failing(failureTypes.replyUncertain, 1),
    acts: parkedAnd((handle) =>
      handle.signal<[RunReceipt]>(signals.receipt, {
        send: 1,
        gateway: aMessage().gateway,
        state: 'failed',
        code: '21610',
        number: 'opted-out',
      }),
    ),
  },
  'yes-of-opted-out': {
    activities: {
      ...sent,
      consider: async () => aDecision({ ifOptedOut: 'On again' }),
      sendReply: async (_message, text) =>
        text === 'On again' ? { reply: 'sent' } : { reply: 'skipped', reason: 'opted-out' },
    },
  },
  'over-sender-limit': {
    activities: {
      ...sent,
      consider: async () => aDecision({ ifOverLimit: 'A person will read it' }),
      sendReply: async (_message, text) =>
        text === 'A person will read it' ? { reply: 'sent' } : { reply: 'skipped', reason: 'sender-limit' },
    },
  },
  'handed-over-before': {
    activities: { ...sent, sendReply: async () => ({ reply: 'skipped', reason: 'handed-over' }) },
  },
  'no-template': {
    activities: {
      ...sent,
      consider: async () => ({
        verdict: { label: 'Neutral', by: 'rules' },
        kind: 'silent',
        reason: 'no-template-for-label',
      }),
    },
  },
  double: { activities: sent, message: { doubleOf: 'recorded-sent' } },
  expired: {
    activities: { ...failing(failureTypes.replyFailed, 9), consider: async () => aDecision({ parkMs: 200 }) },
  },
};

const suite = await startSuite();
const temporal = await connectForTest(suite);
for (const [name, { activities, message: of, acts }] of Object.entries(branches)) {
  const message = aMessage({ id: `recorded-${name}`, ...of });
  await temporal.withWorker(activities, async () => {
    await temporal.startWorkflow(message);
    const handle = temporal.client.workflow.getHandle(message.id);
    await acts?.(handle);
    await handle.result().catch(() => undefined);
  });
  const history = await temporal.client.workflow.getHandle(message.id).fetchHistory();
  // Stack traces name this machine's folders.
  await writeFile(
    new URL(`histories/next/${name}.json`, import.meta.url),
    historyToJSON(history).replaceAll(`${process.cwd()}/`, ''),
  );
  console.log(`recorded ${name}: ${history.events?.length} events`);
}
const hash = codeHash(workflowModules(suite.workflowBundlePath));
await writeFile(new URL('histories/next/code.sha256', import.meta.url), `${hash}\n`);
await temporal.close();
await suite.stop();
