import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../kit/eventually.js';

const run = promisify(execFile);

/** A disk of its own: an ext4 file system in a file. Needs root. */
export interface DiskImage {
  folder: string;
  /** The disk as a power cut at this moment would leave it: what the kernel still holds for it is absent. */
  copy: () => Promise<DiskImage>;
  /** May be called more than once; who writes on it must have ended. */
  remove: () => Promise<void>;
}

/** How many copies the kernel may disturb by a write before this gives up. */
const maxCopies = 20;

export async function createDiskImage(megabytes: number): Promise<DiskImage> {
  return imageIn(await mkdtemp(path.join(tmpdir(), 'answerback-disk-')), async (file) => {
    await run('truncate', ['--size', `${megabytes}M`, file]);
    // Blocks of 4 KB, as on a disk of the usual size: mkfs makes blocks of 1 KB on a small one.
    await run('mkfs.ext4', ['-q', '-F', '-b', '4096', '-m', '0', file]);
  });
}

async function imageIn(home: string, make: (file: string) => Promise<void>): Promise<DiskImage> {
  const file = path.join(home, 'disk.img');
  const folder = path.join(home, 'mounted');
  try {
    await make(file);
    await mkdir(folder);
    // Without direct I/O of the loop device, the default: the file has what was written through to the device.
    await run('mount', ['-o', 'loop', file, folder]);
  } catch (error) {
    await rm(home, { recursive: true });
    throw error;
  }
  let mounted = true;
  return {
    folder,
    copy: async () =>
      imageIn(await mkdtemp(path.join(tmpdir(), 'answerback-cut-')), (copy) => copyUndisturbed(file, copy, folder)),
    async remove() {
      if (!mounted) return;
      mounted = false;
      await eventually(() => run('umount', [folder])).catch(() => run('umount', ['--lazy', folder]));
      await rm(home, { recursive: true });
    },
  };
}

/**
 * Again where something reached the device meanwhile: half before and half after it is no state that a disk is ever
 * in.
 */
async function copyUndisturbed(file: string, copy: string, folder: string): Promise<void> {
  const { stdout } = await run('findmnt', ['--noheadings', '--output', 'SOURCE', folder]);
  const statistics = `/sys/block/${path.basename(stdout.trim())}/stat`;
  for (let copies = 0; copies < maxCopies; copies++) {
    const before = await written(statistics);
    await run('cp', ['--sparse=always', file, copy]);
    const after = await written(statistics);
    if (before.writes === after.writes && after.underWay === 0) return;
  }
  throw new Error(`${folder} is written to all the time: stop the writers first`);
}

/** https://docs.kernel.org/block/stat.html */
async function written(statistics: string): Promise<{ writes: number; underWay: number }> {
  const fields = (await readFile(statistics, 'utf8')).trim().split(/\s+/).map(Number);
  return { writes: fields[4] as number, underWay: fields[8] as number };
}
