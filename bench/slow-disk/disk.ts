import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createDiskImage } from '../../test/faults/disk-image.js';

const run = promisify(execFile);
const throttle = '/sys/fs/cgroup/blkio/blkio.throttle';

export interface SlowDisk {
  folder: string;
  /** Operations a second that it allowed a program which wrote without a pause. */
  measuredPerSecond: number;
  /** The operations of reading, writing and flushing that it has done so far. */
  operations(): Promise<number>;
  remove(): Promise<void>;
}

/**
 * Makes an ext4 file system in a file and limits the operations a second of its loop device, for reads and for writes,
 * journal included. Needs root and the blkio controller of cgroup v1: only there the limit covers the journal.
 *
 * @throws an Error when the limit can't be set or has no effect
 */
export async function createSlowDisk(operationsPerSecond: number): Promise<SlowDisk> {
  await access(`${throttle}.write_iops_device`).catch(() => {
    throw new Error('a slow disk needs the blkio controller of cgroup v1, and root');
  });
  const disk = await createDiskImage(4_096);
  const { stdout } = await run('findmnt', ['--noheadings', '--output', 'SOURCE,MAJ:MIN', disk.folder]);
  const [source = '', device = ''] = stdout.trim().split(/\s+/);
  const limit = async (perSecond: number) => {
    for (const direction of ['read', 'write'])
      await writeFile(`${throttle}.${direction}_iops_device`, `${device} ${perSecond}`);
  };
  const remove = async () => {
    await limit(0);
    await disk.remove();
  };
  try {
    await limit(operationsPerSecond);
    const measuredPerSecond = await writesPerSecond(disk.folder, operationsPerSecond);
    if (measuredPerSecond > 1.2 * operationsPerSecond) throw new Error(`the disk allows ${measuredPerSecond} writes/s`);
    return {
      ...{ folder: disk.folder, measuredPerSecond, remove },
      operations: () => operationsOf(path.basename(source)),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Writes blocks past the cache of the system for about two seconds. */
async function writesPerSecond(folder: string, expectedPerSecond: number): Promise<number> {
  const file = path.join(folder, 'probe');
  const count = expectedPerSecond * 2;
  const from = performance.now();
  await run('dd', ['if=/dev/zero', `of=${file}`, 'bs=4k', `count=${count}`, 'oflag=direct']);
  const seconds = (performance.now() - from) / 1_000;
  await run('rm', [file]);
  return count / seconds;
}

/** https://docs.kernel.org/block/stat.html */
async function operationsOf(device: string): Promise<number> {
  const fields = (await readFile(`/sys/block/${device}/stat`, 'utf8')).trim().split(/\s+/).map(Number);
  return (fields[0] ?? 0) + (fields[4] ?? 0) + (fields[15] ?? 0);
}
