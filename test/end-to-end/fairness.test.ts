import { randomUUID } from 'node:crypto';
import type { Worker } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { InboundMessage } from '../../src/message.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/simulated-gateway/server.js';
import { createFairnessKey, type FairnessKey } from '../../src/temporal/fairness-key.js';
import { createStartWorkflow } from '../../src/temporal/start-workflow.js';
import { createLimitedWorker } from '../../src/worker/worker.js';
import { eventually } from '../helpers/eventually.js';
import { aMessage } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

const flooding = '+15550000000';
const flood = 300;
const others = Array.from({ length: 10 }, (_, index) => `+1555100000${index}`);
const perSecond = 30;

describe(`one sender has ${flood} replies waiting for a limited gateway, then ${others.length} others write`, () => {
  let temporal: TemporalForTest;
  let gateway: SimulatedGateway;
  const workers: Array<{ worker: Worker; running: Promise<void> }> = [];

  beforeEach(async () => {
    [temporal, gateway] = await Promise.all([connectForTest(), startSimulatedGateway({ port: 0 })]);
  });
  afterEach(async () => {
    for (const { worker } of workers) worker.shutdown();
    await Promise.all(workers.splice(0).map(({ running }) => running));
    await Promise.all([temporal.close(), gateway.close()]);
  });

  function run(worker: Worker): void {
    workers.push({ worker, running: worker.run() });
  }

  /**
   * Where each of the others stands among the sends, counted from the moment its answer was known, and how many sends were
   * still to come then.
   */
  async function placesOfOthers(fairnessKey: FairnessKey): Promise<{ places: number[]; stillToCome: number[] }> {
    const sendsOn = `sends-${randomUUID()}`;
    const { sendReply, classify } = realActivities(temporal, gateway.url, { sendsOn });
    /** The sends before a number's answer was known. */
    const sentBefore = new Map<string, number>();
    let ready = 0;
    const noting: Activities['classify'] = async (message) => {
      const verdict = await classify(message);
      ready += 1;
      sentBefore.set(message.number, gateway.sent.count);
      return verdict;
    };
    const start = createStartWorkflow(temporal.client, { eager: false, fairnessKey, taskQueue: temporal.taskQueue });
    const startAll = (messages: InboundMessage[]) => Promise.all(messages.map(start));

    run(await temporal.createWorker({ classify: noting, sendReply }));
    await startAll(Array.from({ length: flood }, () => aMessage({ number: flooding })));
    await eventually(() => ready === flood, { withinMs: 90_000 });
    run(await createLimitedWorker({ connection: temporal.connection, namespace: 'default', dataConverter: {}, taskQueue: sendsOn, activities: { sendReply }, perSecond }));
    await eventually(() => gateway.sent.count >= 30, { withinMs: 30_000 });

    await startAll(others.map((number) => aMessage({ number })));
    await eventually(() => gateway.sent.count === flood + others.length, { withinMs: 60_000 });
    const order = gateway.sent.texts.map(({ to }) => to);
    const places = others.map((number) => order.indexOf(number) - (sentBefore.get(number) ?? Infinity));
    const stillToCome = others.map((number) => flood + others.length - (sentBefore.get(number) ?? Infinity));
    return { places, stillToCome };
  }

  it('they are answered among the next sends, not after the flood', { timeout: 180_000 }, async () => {
    const { places, stillToCome } = await placesOfOthers(createFairnessKey([]));
    console.log(`with a fairness key: places ${places.join(', ')} of the next ${Math.min(...stillToCome)} to ${Math.max(...stillToCome)} sends`);
    expect(Math.max(...places)).toBeLessThan(50);
    expect(Math.min(...stillToCome)).toBeGreaterThan(100);
  });

  it('without a key of their own they wait for all of it', { timeout: 180_000 }, async () => {
    const { places, stillToCome } = await placesOfOthers(() => 'everybody');
    console.log(`without: places ${places.join(', ')} of the next ${Math.min(...stillToCome)} to ${Math.max(...stillToCome)} sends`);
    // Now and then one comes just when a poll is free and nothing has been read from the line.
    expect(places.filter((place) => place > 100).length).toBeGreaterThanOrEqual(others.length - 3);
  });
});
