import type { Worker } from '@temporalio/worker';
import { afterEach, expect, it } from 'vitest';
import { sendQueueOf } from '../../src/domain/names.js';
import { createActivityWorker } from '../../src/worker/create-worker.js';
import { eventually } from '../kit/eventually.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

const perSecond = 5;
const count = 40;

/** Steps run in reverse order. */
const ends: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function connect(): Promise<TemporalForTest> {
  const temporal = await connectForTest();
  ends.push(() => temporal.close());
  return temporal;
}

function run(worker: Pick<Worker, 'run' | 'shutdown'>): void {
  const running = worker.run();
  ends.push(async () => {
    worker.shutdown();
    await running;
  });
}

it(
  `two workers with a limit of ${perSecond} a second send as many together, not each`,
  { timeout: 90_000 },
  async () => {
    const temporal = await connect();
    const taskQueue = sendQueueOf(temporal.taskQueue, aMessage().gateway);
    let ready = 0;
    run(await temporal.createWorker({ consider: async () => (ready++, aDecision()) }));
    await Promise.all(Array.from({ length: count }, () => temporal.startWorkflow(aMessage())));
    await eventually(() => ready === count, { withinMs: 30_000 });

    const starts: Array<{ at: number; worker: number }> = [];
    const limited = [0, 1].map(async (worker) => {
      const { connection } = await connect();
      const sendReply = async () => (
        starts.push({ at: performance.now(), worker }),
        { reply: 'sent', gatewayMessageId: 'abc' } as const
      );
      return createActivityWorker({
        connection,
        namespace: 'default',
        dataConverter: {},
        taskQueue,
        activities: { sendReply },
        maxConcurrent: 20,
        perSecond,
      });
    });
    for (const { worker } of await Promise.all(limited)) run(worker);
    await eventually(() => starts.length === count, { withinMs: 45_000 });

    const seconds = ((starts.at(-1)?.at ?? NaN) - (starts[0]?.at ?? NaN)) / 1_000;
    console.log(`${count} sends in ${seconds.toFixed(1)} s`);
    expect(new Set(starts.map(({ worker }) => worker))).toEqual(new Set([0, 1]));
    // A second's worth may go out at once after a quiet time. Each worker by itself would make it twice the limit.
    expect(count / seconds).toBeLessThan(1.5 * perSecond);
  },
);
