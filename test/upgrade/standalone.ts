import { Client } from '@temporalio/client';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { type Product, startBuiltApi, startProduct } from '../kit/product.js';
import { testSecret, webhookSecret } from '../kit/secret.js';
import { connectTo } from '../kit/temporal.js';
import { answerbackOf } from './answerback-of.js';
import { type Installation, startSurroundings } from './installation.js';
import { postOnce } from './post-once.js';
import type { Release } from './release.js';
import { createStops } from '../kit/stops.js';

/** `npm start` of a release. A change stops it and starts the other release in the same DATA_DIR. */
export async function startStandalone(first: Release): Promise<Installation> {
  const stops = createStops();
  const data = await dataFolder();
  stops.add(data.remove);
  const surroundings = await startSurroundings();
  stops.add(surroundings.close);
  const ports = await freePorts();
  const secrets = { ANSWERBACK_SECRET: testSecret, WEBHOOK_SECRET: webhookSecret };
  const env = { ...ports, ...surroundings.env, ...secrets, DATA_DIR: data.path };
  let release = first;
  let product: Product;
  const start = async () => void (product = await startProduct(env, release.folder));
  try {
    await start();
    stops.add(() => product.stop());
    const connection = await connectTo(`127.0.0.1:${ports.TEMPORAL_PORT}`);
    stops.add(() => connection.close());
    return {
      surroundings,
      client: new Client({ connection }),
      dataDirs: [data.path],
      post: (body) => postOnce(product.webhook, body),
      async change(to, _direction, fillInbox) {
        await stopInGoodOrder(product);
        // Its api alone, without Temporal, so that texts wait in the inbox.
        product = await startBuiltApi({ ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' }, release.folder);
        await fillInbox();
        await stopInGoodOrder(product);
        release = to;
        await start();
      },
      answerback: (...args) => answerbackOf(release, env, args),
      stop: stops.run,
    };
  } catch (error) {
    await stops.run();
    throw error;
  }
}

/** Stops it as an operator does. */
async function stopInGoodOrder(product: Product): Promise<void> {
  const exitCode = await product.stop();
  if (exitCode !== 0) throw new Error(`it ended with ${exitCode}; it printed:\n${product.output()}`);
}
