import { inject, it } from 'vitest';
import { taskQueue } from '../../src/domain/names.js';
import { scrape } from '../helpers/exposition.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { eventually } from '../kit/eventually.js';
import { freePorts } from '../kit/ports.js';
import { startBuiltWorker } from '../kit/product.js';
import { startInNamespace } from './installation-in-namespace.js';
import { closeAtEnd, opened } from './opened.js';

closeAtEnd();

const aKey = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });

it('a worker without the key counts each workflow task that it fails', { timeout: 90_000 }, async () => {
  const { client, startWorkflow } = await startInNamespace({ payloadKeys: [aKey('k1', 1)] });
  const folder = await dataFolder();
  opened.push(folder.remove);
  const env = {
    ...(await freePorts()),
    DATA_DIR: folder.path,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: client.options.namespace,
    PAYLOAD_KEYS: `k2:${Buffer.alloc(32, 2).toString('base64')}`,
  };
  const worker = await startBuiltWorker(env);
  opened.push(() => worker.stop());
  const failed = async () =>
    (await scrape(env.METRICS_PORT)).value('temporal_workflow_task_execution_failed_total', { task_queue: taskQueue });
  await startWorkflow(aMessage());
  // The alert needs more than two, of one run alone.
  await eventually(async () => (await failed()) > 2, { withinMs: 60_000 });
});
