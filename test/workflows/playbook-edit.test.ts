import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openPlaybook } from '../../src/playbook/file.js';
import { startSimulatedGateway, type SimulatedGateway } from '../../src/simulated-gateway/server.js';
import { eventually } from '../helpers/eventually.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

let temporal: TemporalForTest;
let gateway: SimulatedGateway;
let folder: string;
beforeAll(async () => {
  temporal = await connectForTest();
  gateway = await startSimulatedGateway({ port: 0 });
  folder = await mkdtemp(path.join(tmpdir(), 'answerback-playbook-'));
});
afterAll(async () => {
  await temporal.close();
  await gateway.close();
  await rm(folder, { recursive: true });
});

it('an edited playbook changes what is classified afterwards, and nothing of the runs that were before', async () => {
  const file = path.join(folder, 'playbook.yaml');
  let edits = 0;
  const edit = async (text: string) => {
    await writeFile(file, text);
    const time = Date.now() / 1_000 - 100 + edits++;
    await utimes(file, time, time);
  };
  const handleOf = (guid: string) => temporal.client.workflow.getHandle(guid);
  const [before, parked, after] = [aMessage({ text: 'Yes' }), aMessage({ text: 'Yes' }), aMessage({ text: 'Yes' })];

  await edit('otherwise: Other\nlabels:\n  Yes: { meaning: yes, counts_as: yes, answers: Old answer }\n  Other: { meaning: other, silence: true }\n');
  const playbook = await openPlaybook(file, silentLog);
  await temporal.withWorker(realActivities(temporal, gateway.url, { playbook }), async () => {
    await temporal.startWorkflow(before);
    expect(await handleOf(before.guid).result()).toMatchObject({ verdict: { label: 'Yes' }, reply: 'sent' });
    gateway.script([{ status: 400 }]);
    await temporal.startWorkflow(parked);
    await eventually(async () => (await handleOf(parked.guid).query<{ state: string }>('status')).state === 'parked');
  });

  // Neither the label nor the answer is there any more. The next worker knows the parked run from its history alone.
  await edit('otherwise: Anything\nlabels:\n  Anything: { meaning: anything, answers: New answer }\n');
  await temporal.withWorker(realActivities(temporal, gateway.url, { playbook }), async () => {
    await handleOf(parked.guid).signal('retryReply');
    expect(await handleOf(parked.guid).result()).toMatchObject({ verdict: { label: 'Yes' }, reply: 'sent' });
    await temporal.startWorkflow(after);
    expect(await handleOf(after.guid).result()).toMatchObject({ verdict: { label: 'Anything' }, reply: 'sent' });
  });
  expect(gateway.sent.texts.map(({ text }) => text)).toEqual(['Old answer', 'Old answer', 'New answer']);

  for (const { guid } of [before, parked, after]) {
    await Worker.runReplayHistory({ workflowBundle: { codePath: inject('workflowBundlePath') } }, await handleOf(guid).fetchHistory(), guid);
  }
});
