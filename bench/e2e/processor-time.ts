import { withProcessorTime } from '../servers/footprint.js';
import { startSeparateProcesses } from '../servers/separate-processes.js';
import { median } from '../report/statistics.js';
import type { Scope } from '../scope.js';
import { startBare } from './bare.js';
import type { Side } from './measured.js';
import { productSide } from './product.js';
import { inRounds } from './rounds.js';

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
  const sides = { product: { ...productSide(parts), pid: parts.pids.worker }, bare };
  for (const side of Object.values(sides)) await side.throughput(50);
  const times = await inRounds(sides, { rounds, title: 'Processor time' }, async (side: Side & { pid: number }) => {
    const pids = { server: parts.pids.temporal, worker: side.pid };
    const { usedMs } = await withProcessorTime(pids, () => side.throughput(messages));
    return { server: usedMs.server / messages, worker: usedMs.worker / messages };
  });
  return { product: medians(times.product), bare: medians(times.bare) };
}

const medians = (times: readonly ProcessorTime[]): ProcessorTime => ({
  server: median(times.map(({ server }) => server)),
  worker: median(times.map(({ worker }) => worker)),
});
