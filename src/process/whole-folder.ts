import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from './errors.js';
import { isAlive } from './is-alive.js';

/**
 * Makes a folder that appears only once `fill` has filled it, and only for this user. What processes that have ended
 * left of the same folder is removed first.
 *
 * @param fill gets the folder `TARGET.unfinished-PID`, beside the target
 * @throws {OperatorError} when the target is there and not empty, or a file can't be written
 */
export async function makeWholeFolder(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const unfinished = `${target}.unfinished-${process.pid}`;
  try {
    await refuseExisting(target);
    await removeLeftOvers(target);
    await mkdir(unfinished, { mode: 0o700 });
    await fill(unfinished);
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof OperatorError || code === undefined) throw error;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const todo = isFull ? 'give a folder on another disk' : 'give another folder';
    throw new OperatorError(`${target} can't be written (${message})`, todo);
  }
}

async function refuseExisting(target: string): Promise<void> {
  const entries = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new OperatorError(`${target} can't be used (${error.code})`, 'give a new folder');
  });
  if (entries.length > 0) throw new OperatorError(`${target} is not empty`, 'give a new folder');
}

async function removeLeftOvers(target: string): Promise<void> {
  const parent = path.dirname(target);
  for (const name of await readdir(parent)) {
    const pid = Number(name.startsWith(`${path.basename(target)}.unfinished-`) && name.split('-').at(-1));
    if (pid > 0 && (pid === process.pid || !isAlive(pid)))
      await rm(path.join(parent, name), { recursive: true, force: true });
  }
}
