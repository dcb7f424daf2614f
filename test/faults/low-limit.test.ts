import { NativeConnection } from '@temporalio/worker';
import { expect, it, onTestFinished } from 'vitest';
import { sendQueueOf } from '../../src/domain/names.js';
import { createActivityWorker } from '../../src/worker/create-worker.js';
import { eventually } from '../kit/eventually.js';
import { freePort } from '../kit/ports.js';
import { ready, startProgram } from '../kit/program.js';
import { connectTo, temporalProgram } from '../kit/temporal.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest } from '../helpers/suite-temporal.js';

/** Short times for one send a minute and a maximum age of a day. */
const secondsPerSend = 3;
const maxAgeMs = 8_000;
const evening = 300;
const freshText = 'the next day';

/** A server with the settings of `npm start` that matter to a queue, and this many partitions of it. */
async function startServer(partitions: number): Promise<string> {
  const port = await freePort();
  const settings = [
    `matching.numTaskqueueReadPartitions=${partitions}`,
    `matching.numTaskqueueWritePartitions=${partitions}`,
    'matching.longPollExpirationInterval="2s"',
    'matching.enableFairness=true',
    'matching.useNewMatcher=true',
    'frontend.namespaceRPS=20000',
  ];
  const args = ['server', 'start-dev', '--headless', '--port', String(port), '--log-level', 'error'];
  const { path } = await temporalProgram();
  const server = startProgram(path, [...args, ...settings.flatMap((value) => ['--dynamic-config-value', value])], {});
  onTestFinished(() => void server.stop());
  await ready(server, String(port));
  return `127.0.0.1:${port}`;
}

it.each([1, 4])(
  `of an evening's ${evening} texts over a low limit the stale ones use no turn, and a fresh text is next: %i partition(s)`,
  { timeout: 120_000 },
  async (partitions) => {
    const temporalAddress = await startServer(partitions);
    await (await connectTo(temporalAddress)).close();
    const temporal = await connectForTest({ temporalAddress });
    const connection = await NativeConnection.connect({ address: temporalAddress });
    const sent: string[] = [];
    const { worker: sends } = await createActivityWorker({
      connection,
      namespace: 'default',
      dataConverter: {},
      taskQueue: sendQueueOf(temporal.taskQueue, aMessage().gateway),
      activities: {
        async sendReply({ id }) {
          sent.push(id);
          return { reply: 'sent', gatewayMessageId: id };
        },
      },
      maxConcurrent: 20,
      perSecond: 1 / secondsPerSend,
    });
    const sending = sends.run();
    const outcomes = { skipped: 0, sent: 0 };
    await temporal.withWorker(
      { consider: async ({ text }) => aDecision({ maxAgeMs: text === freshText ? 3_600_000 : maxAgeMs }) },
      async () => {
        const resultOf = async (message: ReturnType<typeof aMessage>) => {
          await temporal.startWorkflow(message);
          const { reply } = (await temporal.client.workflow.getHandle(message.id).result()) as {
            reply: keyof typeof outcomes;
          };
          outcomes[reply] += 1;
        };
        await Promise.all(Array.from({ length: evening }, () => resultOf(aMessage())));
        expect(outcomes.sent + outcomes.skipped).toBe(evening);
        expect(outcomes.skipped).toBeGreaterThan(evening * 0.9);

        const before = sent.length;
        const fresh = aMessage({ text: freshText });
        const startedAt = performance.now();
        await temporal.startWorkflow(fresh);
        await eventually(() => sent.length > before, { withinMs: 30_000 });
        expect(sent[before]).toBe(fresh.id);
        // Its own turn, and one more where each partition has a share of the limit.
        const turns = (performance.now() - startedAt) / (secondsPerSend * 1_000);
        expect(turns).toBeLessThan(partitions + 1);
        console.log(
          `${partitions} partition(s): ${outcomes.sent} sent, the fresh text after ${turns.toFixed(1)} turns`,
        );
      },
    );
    sends.shutdown();
    await sending;
    await Promise.all([connection.close(), temporal.close()]);
  },
);
