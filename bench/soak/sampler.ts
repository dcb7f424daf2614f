import type { Client } from '@temporalio/client';
import { createRuns } from '../../src/temporal/runs.js';
import { messagesIn } from '../../test/helpers/inbox-file.js';
import type { SoakedProduct } from './product.js';
import { fileSizes, footprintOf, type Sample } from './sample.js';

export interface SampledSubject {
  product: Pick<SoakedProduct, 'pid' | 'temporalPid'>;
  dataDir: string;
  client: Client;
}

/** Parked replies are counted by the server, so seldom. */
const parkedEveryMs = 15_000;
const answerWithinMs = 5_000;

/** Looks at the product every so often until it is stopped. */
export function startSampler({ product, dataDir, client }: SampledSubject, { startedAt, everyMs }: { startedAt: number; everyMs: number }) {
  const samples: Sample[] = [];
  const parked = countParked(client);

  async function look(): Promise<void> {
    const atMs = Date.now() - startedAt;
    const [ours, theirs, files] = await Promise.all([footprintOf(product.pid()), product.temporalPid().then(footprintOf), fileSizes(dataDir)]);
    const depth = messagesIn(dataDir);
    const count = parked.latest();
    samples.push({
      atMs,
      ...(ours && { product: ours }),
      ...(theirs && { temporal: theirs }),
      files,
      ...(depth !== undefined && { depth }),
      ...(count !== undefined && { parked: count }),
    });
  }

  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => console.error(error));
  }, everyMs);
  return {
    samples: samples as readonly Sample[],
    async stop() {
      clearInterval(timer);
      parked.stop();
      await looking;
    },
  };
}

function countParked(client: Client) {
  const runs = createRuns(client, () => '');
  let latest: number | undefined;
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    client
      .withDeadline(Date.now() + answerWithinMs, async () => (await runs.count('failed')) + (await runs.count('uncertain')))
      .then((count) => (latest = count), () => (latest = undefined))
      .finally(() => (asking = false));
  }, parkedEveryMs);
  return { latest: () => latest, stop: () => clearInterval(timer) };
}
