import type { Worker } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { InboundMessage } from '../../src/domain/message.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { createSenderKey, type SenderKey } from '../../src/temporal/sender-key.js';
import { createStartWorkflow } from '../../src/temporal/start-workflow.js';
import { sendQueueOf } from '../../src/domain/names.js';
import { createActivityWorker } from '../../src/worker/create-worker.js';
import { eventually } from '../kit/eventually.js';
import { testSecret } from '../kit/secret.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

const flooding = '+15550000000';
const flood = 300;
const others = Array.from({ length: 10 }, (_, index) => `+1555100000${index}`);
/** Few: on a busy machine a reply reaches the queue seconds after its label is known, and all sends until then count. */
const perSecond = 15;

describe(`one sender has ${flood} replies waiting for a limited gateway, then ${others.length} others write`, () => {
  let temporal: TemporalForTest;
  let gateway: SimulatedGateway;
  const workers: Array<{ worker: Pick<Worker, 'shutdown'>; running: Promise<void> }> = [];

  beforeEach(async () => {
    [temporal, gateway] = await Promise.all([connectForTest(), startSimulatedGateway({ port: 0 })]);
  });
  afterEach(async () => {
    for (const { worker } of workers) worker.shutdown();
    await Promise.all(workers.splice(0).map(({ running }) => running));
    await Promise.all([temporal.close(), gateway.close()]);
  });

  function run(worker: Pick<Worker, 'run' | 'shutdown'>): void {
    workers.push({ worker, running: worker.run() });
  }

  /**
   * Where each of the others stands among the sends, counted from the moment its label was known, and how many sends
   * were still to come then.
   */
  async function placesOfOthers(senderKey: SenderKey): Promise<{ places: number[]; stillToCome: number[] }> {
    const { sendReply, consider } = realActivities(temporal, gateway.url);
    /** The sends before a number's label was known. */
    const sentBefore = new Map<string, number>();
    let ready = 0;
    const noting: Activities['consider'] = async (message) => {
      const decision = await consider(message);
      ready += 1;
      sentBefore.set(message.from, gateway.sent.count);
      return decision;
    };
    const start = createStartWorkflow(temporal.client, {
      eager: false,
      senderKey,
      log: silentLog,
      taskQueue: temporal.taskQueue,
    });
    // A few at a time: each start has a deadline of 5 s.
    const startAll = async (messages: InboundMessage[]) => {
      for (let first = 0; first < messages.length; first += 20)
        await Promise.all(messages.slice(first, first + 20).map(start));
    };

    run(await temporal.createWorker({ consider: noting }));
    await startAll(Array.from({ length: flood }, () => aMessage({ from: flooding })));
    await eventually(() => ready === flood, { withinMs: 90_000 });
    const { worker } = await createActivityWorker({
      connection: temporal.connection,
      namespace: 'default',
      dataConverter: {},
      taskQueue: sendQueueOf(temporal.taskQueue, aMessage().gateway),
      activities: { sendReply },
      maxConcurrent: 20,
      perSecond,
    });
    run(worker);
    await eventually(() => gateway.sent.count >= 30, { withinMs: 30_000 });

    await startAll(others.map((number) => aMessage({ from: number })));
    await eventually(() => gateway.sent.count === flood + others.length, { withinMs: 60_000 });
    const order = gateway.sent.texts.map(({ to }) => to);
    const places = others.map((number) => order.indexOf(number) - (sentBefore.get(number) ?? Infinity));
    const stillToCome = others.map((number) => flood + others.length - (sentBefore.get(number) ?? Infinity));
    return { places, stillToCome };
  }

  it('they get their replies among the next sends, not after the flood', { timeout: 180_000 }, async () => {
    const { places, stillToCome } = await placesOfOthers(createSenderKey(testSecret));
    console.log(
      `with a fairness key: places ${places.join(', ')} of the next ${Math.min(...stillToCome)} to ${Math.max(...stillToCome)} sends`,
    );
    expect(Math.max(...places)).toBeLessThan(50);
    expect(Math.min(...stillToCome)).toBeGreaterThan(100);
  });

  it('without a fairness key they wait for all of it', { timeout: 180_000 }, async () => {
    const { places, stillToCome } = await placesOfOthers(() => 'everybody');
    console.log(
      `without: places ${places.join(', ')} of the next ${Math.min(...stillToCome)} to ${Math.max(...stillToCome)} sends`,
    );
    // Now and then one comes just when a poll is free and nothing has been read from the line.
    expect(places.filter((place) => place > 100).length).toBeGreaterThanOrEqual(others.length - 3);
  });
});
