import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeWholeFolder } from '../../src/process/whole-folder.js';
import { temporaryFolder, type TemporaryFolder } from '../kit/data-folder.js';

let parent: TemporaryFolder;
let target: string;
beforeEach(async () => {
  parent = await temporaryFolder('whole');
  target = path.join(parent.path, 'saved');
});
afterEach(() => parent.remove());

const fill = (folder: string) => writeFile(path.join(folder, 'file'), 'all');

it('a folder appears once it is filled, and only its owner can read it', async () => {
  await makeWholeFolder(target, async (folder) => {
    await fill(folder);
    expect(await readdir(parent.path)).toEqual([`saved.unfinished-${process.pid}`]);
  });
  expect(await readdir(parent.path)).toEqual(['saved']);
  expect((await stat(target)).mode & 0o777).toBe(0o700);
});

it('nothing is left of one that could not be filled, and the error says why', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  await expect(makeWholeFolder(target, () => Promise.reject(full))).rejects.toThrow(
    `${target} can't be written (ENOSPC: no space left on device, write): give a folder on another disk`,
  );
  expect(await readdir(parent.path)).toEqual([]);
});

it('a folder whose parent is missing, and one that has files, are refused', async () => {
  await expect(makeWholeFolder(path.join(target, 'deep'), fill)).rejects.toThrow(
    /can't be written \(ENOENT.+: give another folder$/,
  );
  await mkdir(target);
  await fill(target);
  await expect(makeWholeFolder(target, fill)).rejects.toThrow('is not empty: give a new folder');
});

it('what a killed process left is removed, and what another one still fills is not', async () => {
  // No process has this id: it is over the highest one of Linux and macOS.
  for (const pid of [2 ** 23, process.ppid]) await mkdir(`${target}.unfinished-${pid}`);
  await makeWholeFolder(target, fill);
  expect((await readdir(parent.path)).sort()).toEqual(['saved', `saved.unfinished-${process.ppid}`]);
});
