import { footprintOf } from '../servers/footprint.js';
import { startSeparateProcesses } from '../servers/separate-processes.js';
import { median } from '../report/statistics.js';
import type { Scope } from '../scope.js';
import { startBare } from './bare.js';
import type { Side } from './measured.js';
import { productSide } from './product.js';

/** Processor time of the Temporal server and of the worker, in ms per message. */
export interface ProcessorTime {
  server: number;
  worker: number;
}

/**
 * Measures both sides with api, worker and gateway as processes of their own, so without eager starts. The process of
 * the bare workflow also starts its runs.
 *
 * @returns the medians over the rounds
 */
export async function measureProcessorTime(
  scope: Scope,
  { rounds, messages }: { rounds: number; messages: number },
): Promise<{ product: ProcessorTime; bare: ProcessorTime }> {
  const parts = await startSeparateProcesses(scope);
  const bare = await startBare(parts.temporalAddress, { eager: false });
  scope.onEnd(() => bare.close());
  const product = { ...productSide(parts), pid: parts.pids.worker };
  const timeOf = async (side: Side & { pid: number }): Promise<ProcessorTime> => {
    const used = (pid: number) => footprintOf(pid).processorMs;
    const [server, worker] = [used(parts.pids.temporal), used(side.pid)];
    await side.throughput(messages);
    return {
      server: (used(parts.pids.temporal) - server) / messages,
      worker: (used(side.pid) - worker) / messages,
    };
  };
  for (const side of [product, bare]) await side.throughput(50);
  const times = { product: [] as ProcessorTime[], bare: [] as ProcessorTime[] };
  for (let round = 1; round <= rounds; round++) {
    console.log(`Processor time, round ${round} of ${rounds} …`);
    const sides = ['product', 'bare'] as const;
    for (const side of round % 2 === 1 ? sides : sides.toReversed())
      times[side].push(await timeOf(side === 'product' ? product : bare));
  }
  return { product: medians(times.product), bare: medians(times.bare) };
}

const medians = (times: readonly ProcessorTime[]): ProcessorTime => ({
  server: median(times.map(({ server }) => server)),
  worker: median(times.map(({ worker }) => worker)),
});
