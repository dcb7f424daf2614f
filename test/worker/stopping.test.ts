import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModel } from '../../src/activities/model.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { eventually } from '../kit/eventually.js';
import { completion, type FakeOpenAi, startFakeOpenAi } from '../helpers/fake-openai.js';
import { aMessage } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

describe('a worker that stops', () => {
  let temporal: TemporalForTest;
  let gateway: SimulatedGateway;
  let openai: FakeOpenAi;

  beforeAll(async () => {
    [temporal, gateway, openai] = await Promise.all([
      connectForTest(),
      startSimulatedGateway({ port: 0 }),
      startFakeOpenAi(),
    ]);
  });
  afterAll(async () => {
    await Promise.all([temporal.close(), gateway.close(), openai.close()]);
  });

  const activities = (stopping: AbortSignal) =>
    realActivities(temporal, gateway.url, {
      model: createModel({ apiKey: 'key', model: 'fake', baseURL: openai.baseURL }),
      stopping,
    });

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
    const outcome: unknown = await temporal.withWorker(activities(new AbortController().signal), () =>
      temporal.client.workflow.getHandle(message.id).result(),
    );
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
    const outcome: unknown = await temporal.withWorker(activities(new AbortController().signal), () =>
      temporal.client.workflow.getHandle(message.id).result(),
    );
    expect(outcome).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(before + 1);
  });
});
