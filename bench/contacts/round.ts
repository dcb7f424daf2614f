import { measureRound, type Round, type RoundSize } from '../e2e/measured.js';
import { withProcessorTime } from '../servers/footprint.js';
import type { MeasuredProduct } from './products.js';

/** One round, with the processor time of server and process in its burst, in milliseconds per message. */
export interface CostRound extends Round {
  processorMs: Record<'server' | 'process', number>;
}

/** Measures one round of a product. */
export async function measureCost(product: MeasuredProduct, size: RoundSize): Promise<CostRound> {
  let processorMs = { server: NaN, process: NaN };
  const measured = await measureRound(
    {
      idle: (samples) => product.idle(samples),
      async throughput(messages) {
        const { result, usedMs } = await withProcessorTime(product.pids, () => product.throughput(messages));
        processorMs = { server: usedMs.server / messages, process: usedMs.process / messages };
        return result;
      },
    },
    size,
  );
  return { ...measured, processorMs };
}
