import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createModel, type Model } from '../../src/activities/model.js';
import type { PayloadKey } from '../../src/secrets/keyring.js';
import type { Log } from '../../src/log/log.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { type FakeOpenAi, startFakeOpenAi } from '../helpers/fake-openai.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { queries, signals } from '../../src/domain/names.js';

const right: PayloadKey = { id: 'k1', key: Buffer.alloc(32, 1) };
const text = 'a text of Ada';
const number = '+15550009876';

let openai: FakeOpenAi;
let model: Model;
let gateway: SimulatedGateway;
const opened: Array<() => Promise<unknown>> = [];

beforeAll(async () => {
  openai = await startFakeOpenAi();
  model = createModel({ apiKey: 'key', model: 'fake', baseURL: openai.baseURL });
});
beforeEach(async () => {
  gateway = await startSimulatedGateway({ port: 0 });
  opened.push(() => gateway.close());
});
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});
afterAll(() => openai.close());

async function connect(
  payloadKeys: PayloadKey[],
  { taskQueue, log }: { taskQueue?: string; log?: Log } = {},
): Promise<TemporalForTest> {
  const temporal = await connectForTest(undefined, {
    payloadKeys,
    ...(taskQueue ? { taskQueue } : {}),
    ...(log ? { log } : {}),
  });
  opened.push(() => temporal.close());
  return temporal;
}

async function work(temporal: TemporalForTest): Promise<void> {
  opened.push(await temporal.startWorker(realActivities(temporal, gateway.url, { model })));
}

const sentTo = async () => ((await (await fetch(`${gateway.url}/sent`)).json()) as { sent: unknown[] }).sent;

it('a worker without the key only delays runs', { timeout: 180_000 }, async () => {
  await Promise.all([
    delaysRuns([{ id: 'k1', key: Buffer.alloc(32, 9) }], /a different key named "k1"/),
    delaysRuns([{ id: 'k2', key: Buffer.alloc(32, 2) }], /"k1", which is not in PAYLOAD_KEYS/),
    delaysRuns([], /"k1", which is not in PAYLOAD_KEYS/),
  ]);
  expect(await sentTo()).toHaveLength(3);
});

/** What the wrong worker fails is tried again by the server after some seconds, and twice as long each time. */
async function delaysRuns(wrongKeys: PayloadKey[], complaint: RegExp): Promise<void> {
  const { log, events } = recordingLog();
  const unreadable = () => events.filter(({ event }) => event === 'payload.unopened');
  const temporal = await connect([right]);
  const wrong = await connect(wrongKeys, { taskQueue: temporal.taskQueue, log });
  const messages = [aMessage({ text, from: number })];
  // Alone at first, so that it certainly meets runs that it cannot read.
  const stopWrong = await wrong.startWorker(realActivities(wrong, gateway.url, { model }));
  await Promise.all(messages.map(temporal.startWorkflow));
  await expect.poll(unreadable, { timeout: 20_000 }).not.toHaveLength(0);
  await work(temporal);
  // Beside the right one it would still get every second task by chance, and each failure doubles the wait.
  await stopWrong();

  for (const { id: guid } of messages) {
    expect(await temporal.client.workflow.getHandle(guid).result()).toMatchObject({
      verdict: { by: 'openai' },
      reply: 'sent',
    });
  }
  expect(unreadable()[0]?.msg).toMatch(complaint);
  expect(JSON.stringify(events)).not.toMatch(/of Ada|5550009876/);
}

it('with keys, no payload and no failure of a run can be read without them', async () => {
  const temporal = await connect([right]);
  await work(temporal);
  await fetch(`${gateway.url}/script`, { method: 'POST', body: JSON.stringify([{ status: 400 }]) });
  const message = aMessage({ text, from: number });
  await temporal.startWorkflow(message);
  const handle = temporal.client.workflow.getHandle(message.id);
  await expect
    .poll(async () => (await handle.query<{ state: string }>(queries.status)).state, { timeout: 20_000 })
    .toBe('parked');
  const parked = JSON.stringify(await handle.fetchHistory());
  await handle.signal(signals.retryReply);
  await handle.result();

  const plain = JSON.stringify(await handle.fetchHistory());
  for (const history of [parked, plain]) {
    expect(history).toContain(Buffer.from('binary/encrypted').toString('base64'));
    for (const shown of [text, number, 'SMSMobileAPI answered 400']) {
      expect(history).not.toContain(shown);
      expect(history).not.toContain(Buffer.from(shown).toString('base64').slice(0, -4));
    }
  }
});

it('a run that was started without keys gets its reply with them', async () => {
  const before = await connect([]);
  const message = aMessage({ text, from: number });
  await before.startWorkflow(message);
  await work(await connect([right], { taskQueue: before.taskQueue }));
  await expect.poll(sentTo, { timeout: 20_000 }).toHaveLength(1);
});
