import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';

/** The resources that a process has used so far (Linux). */
export interface Footprint {
  processorMs: number;
  /** Physical memory now; `maxMemoryMiB` is its maximum so far. */
  memoryMiB: number;
  maxMemoryMiB: number;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

export function footprintOf(pid: number): Footprint {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Skip the program name: it is in brackets and may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024;
  return {
    processorMs: ((user + system) / ticksPerSecond) * 1_000,
    memoryMiB: mebibytes('VmRSS'),
    maxMemoryMiB: mebibytes('VmHWM'),
  };
}

/** Runs `work`, and measures the processor time that each of these processes takes meanwhile, in milliseconds. */
export async function withProcessorTime<Part extends string, Result>(
  pids: Readonly<Record<Part, number>>,
  work: () => Promise<Result>,
): Promise<{ result: Result; usedMs: Record<Part, number> }> {
  const read = () => Object.entries<number>(pids).map(([part, pid]) => [part, footprintOf(pid).processorMs] as const);
  const before = Object.fromEntries(read());
  const result = await work();
  const used = read().map(([part, processorMs]) => [part, processorMs - (before[part] ?? NaN)]);
  return { result, usedMs: Object.fromEntries(used) as Record<Part, number> };
}

/** Returns the used size of a SQLite database in bytes, including pages that are still in its write-ahead log. */
export function databaseBytes(folder: string, pattern: RegExp): number {
  const file = readdirSync(folder).find((name) => pattern.test(name));
  if (file === undefined) throw new Error(`no database ${String(pattern)} in ${folder}`);
  const reader = new Database(path.join(folder, file), { readonly: true });
  try {
    const pragma = (name: string) => reader.pragma(name, { simple: true }) as number;
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  } finally {
    reader.close();
  }
}
