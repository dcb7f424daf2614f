import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** The resources of a process, as Linux reports them. */
export interface Footprint {
  rssBytes: number;
  openFiles: number;
}

/** Sizes in bytes. */
export interface FileSizes {
  inbox: number;
  inboxLog: number;
  temporal: number;
  temporalLog: number;
  /** The whole data folder. */
  folder: number;
}

/** One measurement of the product; a value that wasn't available at that time is absent. */
export interface Sample {
  /** Milliseconds since the start. */
  atMs: number;
  product?: Footprint & { pid: number };
  temporal?: Footprint & { pid: number };
  files: FileSizes;
  /** Messages in the inbox. */
  depth?: number;
  /** Replies that wait for an operator. */
  parked?: number;
}

/** Returns undefined for a process that doesn't run. */
export async function footprintOf(pid: number | undefined): Promise<(Footprint & { pid: number }) | undefined> {
  if (pid === undefined) return undefined;
  try {
    const [status, files] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readdir(`/proc/${pid}/fd`)]);
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    return kilobytes === undefined ? undefined : { pid, rssBytes: Number(kilobytes) * 1_024, openFiles: files.length };
  } catch {
    return undefined;
  }
}

export async function fileSizes(dataDir: string): Promise<FileSizes> {
  const sizes = new Map<string, number>();
  for (const name of await readdir(dataDir)) {
    const { size } = await stat(path.join(dataDir, name)).catch(() => ({ size: 0 }));
    sizes.set(name, size);
  }
  const sum = (pattern: RegExp) =>
    [...sizes].reduce((total, [name, size]) => (pattern.test(name) ? total + size : total), 0);
  return {
    inbox: sum(/^inbox\.sqlite$/),
    inboxLog: sum(/^inbox\.sqlite-wal$/),
    temporal: sum(/^temporal-.*\.sqlite$/),
    temporalLog: sum(/^temporal-.*-wal$/),
    folder: sum(/./),
  };
}
