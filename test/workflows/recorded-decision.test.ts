import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { Model } from '../../src/activities/model.js';
import { openPlaybook } from '../../src/playbook/load.js';
import { startSimulatedGateway, type SimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';
import type { InboundMessage } from '../../src/domain/message.js';
import { queries, signals } from '../../src/domain/names.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage, senderOf } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

/** The playbook of the first worker, and that of the worker after the restart: other words, labels and templates. */
const oldPlaybook =
  'otherwise: Other\nlabels:\n  Yes: { meaning: yes, counts_as: yes, templates: Old reply }\n  Other: { meaning: other, silence: true }\n';
const newPlaybook = 'otherwise: Anything\nlabels:\n  Anything: { meaning: anything, templates: New reply }\n';

describe('a run that was stopped and goes on with another playbook and other settings', () => {
  let temporal: TemporalForTest;
  let gateway: SimulatedGateway;
  let folder: string;
  let edits = 0;
  beforeAll(async () => {
    temporal = await connectForTest();
    gateway = await startSimulatedGateway({ port: 0 });
    folder = await mkdtemp(path.join(tmpdir(), 'answerback-playbook-'));
  });
  afterEach(() => {
    gateway.sent.clear();
    gateway.script([]);
  });
  afterAll(async () => {
    await temporal.close();
    await gateway.close();
    await rm(folder, { recursive: true });
  });

  const handleOf = ({ id }: InboundMessage) => temporal.client.workflow.getHandle(id);
  const statusOf = (message: InboundMessage) => handleOf(message).query<Status>(queries.status);
  const isParked = async (message: InboundMessage) => (await statusOf(message)).state === 'parked';

  async function edited(text: string) {
    const file = path.join(folder, 'playbook.yaml');
    await writeFile(file, text);
    const time = Date.now() / 1_000 - 100 + edits++;
    await utimes(file, time, time);
    return openPlaybook(file, { senderOf, log: silentLog });
  }

  /** The activities of the first worker. */
  async function before(): Promise<Activities> {
    return realActivities(temporal, gateway.url, { playbook: await edited(oldPlaybook) });
  }

  /** The activities after the restart. Auto-replies are off and each text is silent: a second decision would send nothing. */
  async function after() {
    const considered: string[] = [];
    const real = realActivities(temporal, gateway.url, { playbook: await edited(newPlaybook), repliesEnabled: false });
    const consider: Activities['consider'] = (message) => (considered.push(message.id), real.consider(message));
    return { considered, activities: { ...real, consider } };
  }

  async function started(script: ScriptInput = []): Promise<InboundMessage> {
    gateway.script(script);
    const message = aMessage({ text: 'Yes' });
    await temporal.startWorkflow(message);
    return message;
  }

  /** Expects the reply of the old decision, and no second one. */
  async function expectOldDecision(message: InboundMessage, release = async () => {}) {
    const { considered, activities } = await after();
    await temporal.withWorker(activities, async () => {
      await release();
      expect(await handleOf(message).result()).toMatchObject({ verdict: { label: 'Yes' }, reply: 'sent' });
    });
    expect(considered).toEqual([]);
    expect(gateway.sent.texts.map(({ text }) => text)).toEqual(['Old reply']);
    const workflowBundle = { codePath: inject('workflowBundlePath') };
    await Worker.runReplayHistory({ workflowBundle }, await handleOf(message).fetchHistory(), message.id);
  }

  it('before its label: nothing was decided, so the new settings decide', async () => {
    const model: Model = (_text, _playbook, signals) => hangUntil(signals);
    const stopping = new AbortController();
    let message: InboundMessage | undefined;
    const activities = realActivities(temporal, gateway.url, {
      playbook: await edited(oldPlaybook),
      model,
      stopping: stopping.signal,
    });
    await temporal.withWorker(activities, async () => {
      message = await started();
      await eventually(async () => {
        const { raw } = await handleOf(message as InboundMessage).describe();
        return raw.pendingActivities?.some(({ lastStartedTime }) => lastStartedTime);
      });
      stopping.abort();
    });
    const { activities: newActivities } = await after();
    await temporal.withWorker(newActivities, async () => {
      expect(await handleOf(message as InboundMessage).result()).toMatchObject({
        verdict: { label: 'Anything' },
        reply: 'skipped',
      });
    });
    expect(gateway.sent.count).toBe(0);
  });

  it('after its label and before its send', async () => {
    const { consider } = await before();
    let message: InboundMessage | undefined;
    await temporal.withWorker({ consider }, async () => {
      message = await started();
      await eventually(async () => (await statusOf(message as InboundMessage)).state === 'sending');
    });
    await expectOldDecision(message as InboundMessage);
  });

  it('while it was sending', async () => {
    let message: InboundMessage | undefined;
    await temporal.withWorker(await before(), async () => {
      message = await started([{ delayMs: 1_500 }]);
      await eventually(() => gateway.sent.count === 1);
    });
    await expectOldDecision(message as InboundMessage);
  });

  it('between two tries of its send', async () => {
    let message: InboundMessage | undefined;
    await temporal.withWorker(await before(), async () => {
      message = await started([{ status: 429, retryAfter: 2 }]);
      await eventually(async () => {
        const { raw } = await handleOf(message as InboundMessage).describe();
        return raw.pendingActivities?.some(({ attempt }) => attempt === 2);
      });
    });
    await expectOldDecision(message as InboundMessage);
  });

  it('while it was parked', async () => {
    let message: InboundMessage | undefined;
    await temporal.withWorker(await before(), async () => {
      message = await started([{ status: 400 }]);
      await eventually(() => isParked(message as InboundMessage));
    });
    await expectOldDecision(message as InboundMessage, () =>
      handleOf(message as InboundMessage).signal(signals.retryReply),
    );
  });

  it('after its release, before the next send', async () => {
    let message: InboundMessage | undefined;
    await temporal.withWorker(await before(), async () => {
      message = await started([{ status: 400 }]);
      await eventually(() => isParked(message as InboundMessage));
    });
    await handleOf(message as InboundMessage).signal(signals.retryReply);
    await expectOldDecision(message as InboundMessage);
  });
});

function hangUntil(signals: readonly AbortSignal[]): Promise<never> {
  const signal = AbortSignal.any([...signals]);
  return new Promise((_, reject) => {
    // The worker may have begun to stop before the request was made.
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
