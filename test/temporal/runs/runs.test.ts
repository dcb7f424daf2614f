import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatedGateway, startSimulatedGateway } from '../../../src/demo/simulated-gateway/server.js';
import { runStates } from '../../../src/temporal/runs/run.js';
import { createRuns, type Runs } from '../../../src/temporal/runs/runs.js';
import { runUrlOf } from '../../../src/temporal/runs/run-url.js';
import { eventually } from '../../kit/eventually.js';
import { aMessage } from '../../helpers/messages.js';
import { realActivities } from '../../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../../helpers/suite-temporal.js';

describe('the runs of messages', () => {
  let temporal: TemporalForTest;
  let gateway: SimulatedGateway;
  let stopWorker: () => Promise<void>;
  let runs: Runs;

  beforeAll(async () => {
    [temporal, gateway] = await Promise.all([connectForTest(), startSimulatedGateway({ port: 0 })]);
    stopWorker = await temporal.startWorker(realActivities(temporal, gateway.url));
    runs = createRuns(temporal.client, runUrlOf('http://ui', 'default'));
  });
  afterAll(async () => {
    await stopWorker();
    await Promise.all([temporal.close(), gateway.close()]);
  });

  async function begun(status?: number, overrides = {}): Promise<string> {
    if (status !== undefined) gateway.script([{ status }]);
    const message = aMessage(overrides);
    await temporal.startWorkflow(message);
    return message.id;
  }

  const stateOf = async (guid: string) => (await runs.show(guid))?.state;

  async function listed(state?: (typeof runStates)[number]): Promise<string[]> {
    const ids: string[] = [];
    for await (const { workflowId } of runs.list({ state })) ids.push(workflowId);
    return ids;
  }

  it('are shown with the outcome of the reply, and without text and number', async () => {
    const guid = await begun();
    await eventually(async () => (await stateOf(guid)) === 'done');
    const run = await runs.show(guid);
    expect(run).toMatchObject({
      workflowId: guid,
      verdict: { label: 'Agree', by: 'rules' },
      outcome: { reply: 'sent' },
    });
    expect(run?.url).toBe(`http://ui/namespaces/default/workflows/${guid}/${run?.runId}/history`);
    expect(JSON.stringify(run)).not.toMatch(/15550001234|I agree/);
    expect(await runs.show('unknown')).toBeUndefined();
    expect(await runs.stateOf(guid)).toBe('done');
    expect(await runs.stateOf('unknown')).toBeUndefined();
  });

  it('are found by their state, and counted', async () => {
    const expected = { failed: await begun(400), uncertain: '', done: '', ended: '' };
    await eventually(async () => (await stateOf(expected.failed)) === 'failed');
    expected.uncertain = await begun(502);
    await eventually(async () => (await stateOf(expected.uncertain)) === 'uncertain');
    expected.ended = await begun(400);
    await eventually(async () => (await stateOf(expected.ended)) === 'failed');
    expected.done = await begun();
    await eventually(async () => (await stateOf(expected.done)) === 'done');
    await temporal.client.workflow.getHandle(expected.ended).terminate('handled by phone');
    for (const [state, guid] of Object.entries(expected)) {
      await eventually(async () => (await listed(state as keyof typeof expected)).includes(guid));
      expect(await runs.count(state as keyof typeof expected)).toBeGreaterThan(0);
      for (const other of runStates.filter((one) => one !== state)) expect(await listed(other)).not.toContain(guid);
    }
    expect(await runs.show(expected.ended)).toMatchObject({
      state: 'ended',
      lastFailure: expect.any(String) as unknown,
    });
    expect((await listed()).length).toBeGreaterThanOrEqual(4);
    let few = 0;
    for await (const run of runs.list({ limit: 2 })) few += run.runId ? 1 : 0;
    expect(few).toBe(2);
  });

  it('show what failed and how often, and are released', async () => {
    const guid = await begun(400);
    await eventually(async () => (await stateOf(guid)) === 'failed');
    expect(await runs.show(guid)).toMatchObject({
      lastFailure: expect.stringContaining('SMSMobileAPI answered 400') as unknown,
      tries: 1,
      verdict: { label: 'Agree' },
    });
    await runs.release(guid);
    await eventually(async () => (await stateOf(guid)) === 'done');
  });

  it('are released, and waited for', async () => {
    const guid = await begun(400);
    await eventually(async () => (await stateOf(guid)) === 'failed');
    gateway.script([{ status: 400 }]);
    expect(await runs.releaseAndWait(guid)).toBe('failed');
    expect(await runs.releaseAndWait(guid)).toBe('sent');
    await expect(runs.release(guid)).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
    await expect(runs.releaseAndWait('unknown')).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
  });

  it('are listed and shown without the key of their memos', async () => {
    const key = { id: 'k1', key: Buffer.alloc(32, 1) };
    const sealing = await connectForTest(undefined, { payloadKeys: [key] });
    const message = aMessage();
    await sealing.startWorkflow(message);
    await eventually(async () => (await listed('running')).includes(message.id));
    expect(await runs.show(message.id)).toMatchObject({ state: 'running' });
    await sealing.client.workflow.getHandle(message.id).terminate('enough');
    await sealing.close();
  });

  it('show what is retried, and when', async () => {
    gateway.script([{ status: 429, times: 50 }]);
    const guid = await begun();
    const run = await eventually(async () => {
      const shown = await runs.show(guid);
      return shown?.retrying && shown;
    });
    expect(run).toMatchObject({ state: 'running', retrying: { activity: 'sendReply' } });
    gateway.script([]);
    await temporal.client.workflow.getHandle(guid).terminate('enough');
  });
});
