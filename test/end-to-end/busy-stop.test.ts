import { afterEach, beforeEach, expect, it } from 'vitest';
import { webhookPath } from '../helpers/api.js';
import { webhookSecret } from '../kit/secret.js';
import { type Balancer, startBalancer } from '../helpers/balancer.js';
import { eventually } from '../kit/eventually.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { type Product, startBuiltApi } from '../kit/product.js';

let folders: Array<Awaited<ReturnType<typeof dataFolder>>>;
let environments: Array<Parameters<typeof startBuiltApi>[0]>;
let apis: Product[];
let balancer: Balancer;
beforeEach(async () => {
  folders = [await dataFolder(), await dataFolder()];
  // Without Temporal: what is accepted stays in the inbox.
  environments = await Promise.all(
    folders.map(async ({ path }) => ({
      ...(await freePorts()),
      DATA_DIR: path,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      LOG_LEVEL: 'info',
    })),
  );
  apis = await Promise.all(environments.map((env) => startBuiltApi(env)));
  balancer = startBalancer(
    environments.map(({ PORT }) => Number(PORT)),
    `${webhookPath}/${webhookSecret}`,
  );
  await eventually(() => balancer.isReady(0) && balancer.isReady(1));
});
afterEach(async () => {
  balancer.close();
  await Promise.all(apis.map((api) => api.stop()));
  for (const folder of folders) await folder.remove();
});

const senders = 20;
const rounds = 2;

it(
  'no post fails when busy apis are stopped and started in turn behind a load balancer',
  { timeout: 120_000 },
  async () => {
    let sending = true;
    const answers = new Map<number, number>();
    const traffic = Array.from({ length: senders }, async (_, sender) => {
      while (sending) {
        const status = await balancer.post(aPost(), sender % 2);
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    });
    for (let stop = 0; stop < 2 * rounds; stop++) {
      const place = stop % 2;
      expect(await apis[place]?.stop()).toBe(0);
      apis[place] = await startBuiltApi(environments[place] as (typeof environments)[number]);
      await eventually(() => balancer.isReady(0) && balancer.isReady(1));
    }
    sending = false;
    await Promise.all(traffic);
    expect([...answers.keys()]).toEqual([200]);
    console.log(`${2 * rounds} stops, ${answers.get(200)} posts, none failed`);
  },
);
