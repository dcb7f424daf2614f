import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { messageVersion } from '../../src/domain/message.js';
import { messageHashMemo, senderAttribute, taskQueue, workflowType } from '../../src/domain/names.js';
import { defaultGateway } from '../../src/gateways/registry.js';
import { connectTo } from '../../test/kit/temporal.js';
import { aPost, newNumber } from '../client/requests.js';

const senderKey = defineSearchAttributeKey(senderAttribute.name, senderAttribute.type);

/** As many starts at a time as the forwarder makes. */
const concurrency = 10;

/**
 * Returns how many workflows a second a Temporal server takes from a bare client in this process. The starts have the
 * arguments, memo and search attribute of the product's. No worker runs.
 */
export async function bareStartsPerSecond(address: string, seconds: number): Promise<number> {
  const connection = await connectTo(address);
  const client = new Client({ connection });
  const startedAt = performance.now();
  let count = 0;
  const { message: text, date, hour, time_received: timeReceived } = aPost;
  const message = { version: messageVersion, text, date, hour, timeReceived, gateway: defaultGateway.name };
  const startInTurn = async () => {
    while (performance.now() < startedAt + seconds * 1_000) {
      const [id, number] = [randomUUID(), newNumber()];
      await client.workflow.start(workflowType, {
        workflowId: id,
        taskQueue,
        args: [{ ...message, id, from: number, sender: number, acceptedAt: new Date().toISOString() }],
        memo: { [messageHashMemo]: id },
        typedSearchAttributes: [{ key: senderKey, value: randomUUID() }],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
      });
      count++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, startInTurn));
  const perSecond = count / ((performance.now() - startedAt) / 1_000);
  await connection.close();
  return perSecond;
}
