import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../../src/activities/index.js';
import { createModel } from '../../src/activities/model.js';
import { defaultPlaybook } from '../../src/activities/playbook.js';
import { createSmsMobileApi } from '../../src/gateways/sms-mobile-api.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/simulated-gateway/server.js';
import { eventually } from '../helpers/eventually.js';
import { completion, type FakeOpenAi, startFakeOpenAi } from '../helpers/fake-openai.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

describe('a worker that is told to stop', () => {
  let temporal: TemporalForTest;
  let gateway: SimulatedGateway;
  let openai: FakeOpenAi;

  beforeAll(async () => {
    [temporal, gateway, openai] = await Promise.all([connectForTest(), startSimulatedGateway({ port: 0 }), startFakeOpenAi()]);
  });
  afterAll(async () => {
    await Promise.all([temporal.close(), gateway.close(), openai.close()]);
  });

  /** Real activities, as the worker's main wires them. */
  function activities(stopping: AbortSignal) {
    return createActivities({
      model: createModel({ apiKey: 'key', model: 'fake', baseURL: openai.baseURL }, defaultPlaybook),
      playbook: defaultPlaybook,
      autoReply: { enabled: true, text: undefined },
      gateway: createSmsMobileApi({ apiKey: 'key', url: gateway.url }),
      replyMaxAgeMs: 86_400_000,
      replyRetryForMs: 3_600_000,
      parkMs: 86_400_000,
      isAskedSinceReset: async () => false,
      stopping,
      runUrl: (workflowId) => workflowId,
      log: recordingLog().log,
    });
  }

  it('aborts a running classify, which another worker then runs', async () => {
    const message = aMessage();
    openai.answerWith(() => undefined);
    const stopping = new AbortController();
    const first = await temporal.createWorker(activities(stopping.signal));
    const running = first.run();
    const asked = openai.requests.length;
    await temporal.startWorkflow(message);
    await eventually(() => openai.requests.length > asked);

    const from = Date.now();
    stopping.abort();
    first.shutdown();
    await running;
    expect(Date.now() - from).toBeLessThan(10_000);

    openai.answerWith(completion({ content: '{"label":"Agree"}' }));
    const outcome: unknown = await temporal.withWorker(activities(new AbortController().signal), () => temporal.client.workflow.getHandle(message.guid).result());
    expect(outcome).toMatchObject({ verdict: { label: 'Agree', by: 'openai' }, reply: 'sent' });
  });

  it('waits for a running send, whose reply counts as sent', async () => {
    const message = aMessage();
    openai.answerWith(completion({ content: '{"label":"Agree"}' }));
    gateway.script([{ delayMs: 3_000 }]);
    const before = gateway.sent.count;
    const stopping = new AbortController();
    const first = await temporal.createWorker(activities(stopping.signal));
    const running = first.run();
    await temporal.startWorkflow(message);
    await eventually(async () => ((await (await fetch(`${gateway.url}/script`)).json()) as unknown[]).length === 0);

    stopping.abort();
    first.shutdown();
    await running;
    const outcome: unknown = await temporal.withWorker(activities(new AbortController().signal), () => temporal.client.workflow.getHandle(message.guid).result());
    expect(outcome).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(before + 1);
  });
});
