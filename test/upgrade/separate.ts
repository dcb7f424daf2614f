import { Client } from '@temporalio/client';
import { webhookPath } from '../helpers/api.js';
import { startBalancer } from '../helpers/balancer.js';
import { messagesIn } from '../helpers/inbox-file.js';
import { silentLog } from '../helpers/logs.js';
import { startRelay } from '../helpers/relay.js';
import { dataFolder } from '../kit/data-folder.js';
import { eventually } from '../kit/eventually.js';
import { testSecret, webhookSecret } from '../kit/secret.js';
import { connectTo, startTemporal } from '../kit/temporal.js';
import { answerbackOf } from './answerback-of.js';
import { type Installation, startSurroundings } from './installation.js';
import { startApiMember, startWorkerMember } from './member.js';
import type { Release } from './release.js';
import { createStops } from '../kit/stops.js';

/**
 * Two apis behind a load balancer and two workers of a release, on one Temporal server. A change replaces them one
 * after the other: up the workers first, down the apis first.
 */
export async function startSeparate(first: Release): Promise<Installation> {
  const stops = createStops();
  try {
    const server = await dataFolder();
    stops.add(server.remove);
    const temporal = await startTemporal(server.path, { log: silentLog });
    stops.add(() => temporal.stop());
    const connection = await connectTo(temporal.address);
    stops.add(() => connection.close());
    const relay = await startRelay(temporal.address);
    stops.add(() => relay.close());
    const surroundings = await startSurroundings();
    stops.add(surroundings.close);

    const env = {
      ...surroundings.env,
      ANSWERBACK_SECRET: testSecret,
      WEBHOOK_SECRET: webhookSecret,
      TEMPORAL_ADDRESS: temporal.address,
    };
    const workers = [await startWorkerMember(first, env), await startWorkerMember(first, env)];
    for (const worker of workers) stops.add(worker.stop);
    // Apis reach Temporal by the relay, so that it can be away for them alone.
    const apiEnv = { ...env, TEMPORAL_ADDRESS: relay.address };
    const apis = [await startApiMember(first, apiEnv), await startApiMember(first, apiEnv)] as const;
    for (const api of apis) stops.add(api.stop);
    const balancer = startBalancer(
      apis.map(({ port }) => port),
      `${webhookPath}/${webhookSecret}`,
    );
    stops.add(async () => balancer.close());
    const areReady = () => eventually(() => apis.every((_, index) => balancer.isReady(index)));
    await areReady();

    let release = first;
    let turn = 0;
    const replaceWorkers = async (to: Release) => {
      for (const worker of workers) await worker.replace(to);
    };
    async function replaceApis(to: Release, fillInbox: () => Promise<unknown>): Promise<void> {
      relay.hang();
      await Promise.all(apis.map(() => fillInbox()));
      await eventually(() => apis.every(({ dataDir }) => (messagesIn(dataDir) ?? 0) > 0));
      for (const api of apis) {
        await api.replace(to);
        await areReady();
      }
      relay.goOn();
    }
    return {
      surroundings,
      client: new Client({ connection }),
      dataDirs: apis.map(({ dataDir }) => dataDir),
      post: (body) => balancer.post(body, turn++ % apis.length),
      async change(to, direction, fillInbox) {
        if (direction === 'up') await replaceWorkers(to);
        await replaceApis(to, fillInbox);
        if (direction === 'down') await replaceWorkers(to);
        release = to;
      },
      answerback: (...args) => answerbackOf(release, env, args),
      stop: stops.run,
    };
  } catch (error) {
    await stops.run();
    throw error;
  }
}
