import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { Worker } from '@temporalio/worker';
import type { Activities } from '../../src/activities/index.js';
import { sendQueueOf, taskQueue } from '../../src/domain/names.js';
import { createKeyring, type PayloadKey } from '../../src/secrets/keyring.js';
import { createDataConverter } from '../../src/temporal/data-converter.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { createStartWorkflow } from '../../src/temporal/start-workflow.js';
import { createActivityWorker, createWorker } from '../../src/worker/create-worker.js';
import { silentLog } from '../helpers/logs.js';
import { aDecision } from '../helpers/messages.js';
import { connectForTest, namespaceForTest } from '../helpers/suite-temporal.js';
import { testSecret } from '../kit/secret.js';
import { opened } from './opened.js';

/** An installation in a namespace of its own, under the names that a real one has, whose workers a test chooses. */
export async function startInNamespace({ payloadKeys = [] }: { payloadKeys?: PayloadKey[] } = {}) {
  const temporal = await connectForTest();
  opened.push(() => temporal.close());
  const namespace = await namespaceForTest(temporal);
  const withKeys = (keys: PayloadKey[]): DataConverter => createDataConverter(createKeyring(keys), silentLog);
  const common = { connection: temporal.connection, namespace };
  const client = new Client({ ...common, dataConverter: withKeys(payloadKeys) });

  function run(worker: Worker): void {
    const running = worker.run();
    opened.push(() => (worker.shutdown(), running));
  }

  return {
    client,
    startWorkflow: createStartWorkflow(client, {
      eager: false,
      senderKey: createSenderKey(testSecret),
      log: silentLog,
    }),
    /** Runs a worker for the workflows, which decides to reply to each message. */
    async workOnWorkflows() {
      const activities = { consider: async () => aDecision() };
      run(await createWorker({ ...common, dataConverter: withKeys(payloadKeys), activities }));
    },
    /** Runs a worker for the sends of one gateway. */
    async workOnSends(
      gateway: string,
      sendReply: Activities['sendReply'],
      { perSecond, keys = payloadKeys }: { perSecond?: number; keys?: PayloadKey[] } = {},
    ) {
      const { worker } = await createActivityWorker({
        ...common,
        dataConverter: withKeys(keys),
        taskQueue: sendQueueOf(taskQueue, gateway),
        activities: { sendReply },
        maxConcurrent: 5,
        perSecond,
      });
      run(worker);
    },
  };
}
