import type { Client } from '@temporalio/client';
import { createRuns } from '../../src/temporal/runs/runs.js';
import { messagesIn } from '../../test/helpers/inbox-file.js';
import type { SoakedProduct } from './product.js';
import { fileSizes, footprintOf, type Sample } from './sample.js';

export interface SampledSubject {
  product: Pick<SoakedProduct, 'pid' | 'temporalPid'>;
  dataDir: string;
  client: Client;
}

/** Rarely, because counting parked replies is work for the Temporal server. */
const parkedEveryMs = 15_000;
const countTimeoutMs = 5_000;

/** Measures the product every `everyMs` until it is stopped. */
export function startSampler(
  { product, dataDir, client }: SampledSubject,
  { startedAt, everyMs }: { startedAt: number; everyMs: number },
) {
  const samples: Sample[] = [];
  const parked = countParked(client);

  async function takeSample(): Promise<void> {
    const atMs = Date.now() - startedAt;
    const [productFootprint, temporalFootprint, files] = await Promise.all([
      footprintOf(product.pid()),
      product.temporalPid().then(footprintOf),
      fileSizes(dataDir),
    ]);
    const depth = messagesIn(dataDir);
    const count = parked.latest();
    samples.push({
      atMs,
      ...(productFootprint && { product: productFootprint }),
      ...(temporalFootprint && { temporal: temporalFootprint }),
      files,
      ...(depth !== undefined && { depth }),
      ...(count !== undefined && { parked: count }),
    });
  }

  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    sampling = sampling.then(takeSample).catch((error: unknown) => console.error(error));
  }, everyMs);
  return {
    samples: samples as readonly Sample[],
    async stop() {
      clearInterval(timer);
      parked.stop();
      await sampling;
    },
  };
}

function countParked(client: Client) {
  const runs = createRuns(client, () => '');
  let latest: number | undefined;
  let isCounting = false;
  const timer = setInterval(() => {
    if (isCounting) return;
    isCounting = true;
    client
      .withDeadline(
        Date.now() + countTimeoutMs,
        async () => (await runs.count('failed')) + (await runs.count('uncertain')),
      )
      .then(
        (count) => (latest = count),
        () => (latest = undefined),
      )
      .finally(() => (isCounting = false));
  }, parkedEveryMs);
  return { latest: () => latest, stop: () => clearInterval(timer) };
}
