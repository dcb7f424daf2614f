import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';

/** What a process has used so far (Linux). */
export interface Footprint {
  processorMs: number;
  /** Of physical memory: now, and at most. */
  memoryMiB: number;
  mostMemoryMiB: number;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

export function footprintOf(pid: number): Footprint {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in brackets before the rest, and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024;
  return { processorMs: ((user + system) / ticksPerSecond) * 1_000, memoryMiB: mebibytes('VmRSS'), mostMemoryMiB: mebibytes('VmHWM') };
}

/** What of a SQLite database is in use, in bytes, whether it stands in the file or still in its write-ahead log. */
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
