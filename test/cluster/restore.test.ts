import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { taskQueue, workflowType } from '../../src/domain/names.js';
import { temporaryFolder, type TemporaryFolder } from '../kit/data-folder.js';
import { eventually } from '../kit/eventually.js';
import { connectTo } from '../kit/temporal.js';
import { type Cluster, startCluster } from './cluster.js';

let cluster: Cluster;
let folder: TemporaryFolder;

beforeAll(async () => {
  [cluster, folder] = await Promise.all([startCluster(), temporaryFolder('dumps')]);
});
afterAll(async () => {
  await cluster?.stop();
  await folder?.remove();
});

/** Does something with a client of the server as it is now. */
async function withClient<Result>(use: (client: Client) => Promise<Result>): Promise<Result> {
  const connection = await eventually(() => connectTo(cluster.address), { withinMs: 60_000 });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const start = (workflowId: string) => (client: Client) =>
  client.workflow.start(workflowType, { workflowId, taskQueue, args: [] });
const isListed = async (client: Client, workflowId: string) =>
  (await client.workflow.count(`WorkflowId="${workflowId}"`)).count === 1;

it('a Temporal that is restored from dumps of Postgres has the runs of before, and takes new ones', async () => {
  await withClient(async (client) => {
    await start('saved')(client);
    await eventually(() => isListed(client, 'saved'));
  });
  await cluster.backUp(folder.path);
  await withClient(start('forgotten'));
  await cluster.restore(folder.path);

  await withClient(async (client) => {
    expect((await client.workflow.getHandle('saved').describe()).status.name).toBe('RUNNING');
    expect(await isListed(client, 'saved')).toBe(true);
    await expect(start('saved')(client)).rejects.toThrow(/already started/i);
    await expect(client.workflow.getHandle('forgotten').describe()).rejects.toMatchObject({
      name: 'WorkflowNotFoundError',
    });
    await start('forgotten')(client);
    await eventually(() => isListed(client, 'forgotten'));
  });
});
