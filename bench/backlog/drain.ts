import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../report/statistics.js';
import { footprintOf } from '../servers/footprint.js';
import { bareStartsPerSecond } from './bare-starts.js';
import { startUntilReady } from './restart.js';

const slices = 3;

export interface Drained {
  /** Seconds until ready of each start, with the Temporal server reachable. */
  readySeconds: number[];
  /** Messages that were forwarded, in all slices. */
  started: number;
  /** Medians over the slices, in starts a second. */
  perSecond: number;
  barePerSecond: number;
  /** The median of the ratios of the slices. */
  ratio: number;
  /** The most memory that the api took in any slice, its start included. */
  maxMemoryMiB: number;
}

/**
 * Lets an api forward its backlog to a Temporal server for a while, in slices. Before and after each slice a bare client
 * starts workflows on the same server, which gets slower as its database grows.
 */
export async function measureDrain(folder: string, temporalAddress: string, seconds: number): Promise<Drained> {
  const bareSeconds = Math.min(20, seconds / slices / 2);
  const bare = [await bareStartsPerSecond(temporalAddress, bareSeconds)];
  const drained: Slice[] = [];
  for (let slice = 0; slice < slices; slice++) {
    drained.push(await drainFor(folder, temporalAddress, seconds / slices));
    bare.push(await bareStartsPerSecond(temporalAddress, bareSeconds));
  }
  const around = drained.map((_, slice) => ((bare[slice] ?? NaN) + (bare[slice + 1] ?? NaN)) / 2);
  return {
    readySeconds: drained.map(({ readySeconds }) => readySeconds),
    started: drained.reduce((sum, { started }) => sum + started, 0),
    perSecond: median(drained.map(({ perSecond }) => perSecond)),
    barePerSecond: median(bare),
    ratio: median(drained.map(({ perSecond }, slice) => perSecond / (around[slice] ?? NaN))),
    maxMemoryMiB: Math.max(...drained.map(({ maxMemoryMiB }) => maxMemoryMiB)),
  };
}

interface Slice {
  readySeconds: number;
  started: number;
  perSecond: number;
  maxMemoryMiB: number;
}

async function drainFor(folder: string, temporalAddress: string, seconds: number): Promise<Slice> {
  const { program, metricsUrl, readySeconds } = await startUntilReady(folder, temporalAddress);
  const before = await startedBy(metricsUrl, { atLeast: 1 });
  const from = performance.now();
  await sleep(seconds * 1_000);
  const started = (await startedBy(metricsUrl)) - before;
  const perSecond = started / ((performance.now() - from) / 1_000);
  const { maxMemoryMiB } = footprintOf(program.pid);
  await program.stop('SIGKILL');
  return { readySeconds, started, perSecond, maxMemoryMiB };
}

/** Waits until the api has started `atLeast` workflows, and returns how many it has. */
async function startedBy(metricsUrl: string, { atLeast = 0 } = {}): Promise<number> {
  for (const deadline = performance.now() + 60_000; ; await sleep(50)) {
    const metrics = await (await fetch(metricsUrl)).text();
    const started = Number(/^answerback_forward_lag_seconds_count\{outcome="started"\} (\d+)$/m.exec(metrics)?.[1]);
    if (started >= atLeast) return started;
    if (performance.now() > deadline) throw new Error('the api forwards nothing to a Temporal server that runs');
  }
}
