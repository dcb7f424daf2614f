import { statSync } from 'node:fs';
import { footprintOf } from '../servers/footprint.js';
import type { SlowDisk } from './disk.js';

/** What the disk and the api did during the load. */
export interface Sampled {
  maxLogBytes: number;
  logBytes: number;
  inboxBytes: number;
  operationsPerSecond: number;
  maxOperationsPerSecond: number;
  memoryMiB: number;
}

const everyMs = 1_000;
const printEvery = 60;

/** Looks at the files of the inbox and at the disk every second, and prints a line every minute. */
export function startSampler(disk: SlowDisk, dataDir: string, pid: number) {
  const size = (file: string) => statSync(`${dataDir}/${file}`, { throwIfNoEntry: false })?.size ?? 0;
  const startedAt = performance.now();
  const seen = { operations: NaN, first: NaN, at: startedAt };
  let [maxLogBytes, maxOperationsPerSecond, samples] = [0, 0, 0];
  async function sample(): Promise<void> {
    const operations = await disk.operations();
    const at = performance.now();
    maxLogBytes = Math.max(maxLogBytes, size('inbox.sqlite-wal'));
    if (Number.isNaN(seen.first)) seen.first = operations;
    else
      maxOperationsPerSecond = Math.max(
        maxOperationsPerSecond,
        ((operations - seen.operations) * 1_000) / (at - seen.at),
      );
    Object.assign(seen, { operations, at });
    if (samples++ % printEvery === printEvery - 1)
      console.log(
        `${Math.round((at - startedAt) / 60_000)} min, log ${Math.round(maxLogBytes / 1_048_576)} MiB at most`,
      );
  }
  let sampling = sample();
  const timer = setInterval(() => void (sampling = sampling.then(sample)), everyMs);
  return {
    async stop(): Promise<Sampled> {
      clearInterval(timer);
      await sampling.then(sample);
      return {
        maxLogBytes,
        logBytes: size('inbox.sqlite-wal'),
        inboxBytes: size('inbox.sqlite'),
        operationsPerSecond: ((seen.operations - seen.first) * 1_000) / (seen.at - startedAt),
        maxOperationsPerSecond,
        memoryMiB: footprintOf(pid).memoryMiB,
      };
    },
  };
}
