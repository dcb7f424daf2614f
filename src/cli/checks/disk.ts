import { access, constants, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { fail, type Finding, ok, warn } from './check.js';

/** Less than this and the api answers 503. */
const leastMb = 64;
const comfortableMb = 1_024;

/** DATA_DIR, or the folder in which the first start makes it. */
export async function checkDisk(dataDir: string): Promise<Finding> {
  const wanted = path.resolve(dataDir);
  const { folder, isFolder, mode } = await nearest(wanted);
  const todo = 'set DATA_DIR to a folder that this user can write';
  if (!isFolder) return fail(`${folder} is not a folder`, todo);
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return fail(`${folder} cannot be written (${(error as NodeJS.ErrnoException).code})`, todo);
  }
  const { bavail, bsize } = await statfs(folder);
  const freeMb = Math.floor((bavail * bsize) / 1_048_576);
  const found = `${wanted}: ${freeMb} MB free`;
  if (freeMb < leastMb) return fail(found, `free some: below ${leastMb} MB texts are refused`);
  if (folder === wanted && (mode & 0o077) !== 0) return warn(`${found}; others on this machine can look into it`, `chmod 700 ${wanted}`);
  if (freeMb < comfortableMb) return warn(found, 'free some: texts wait there while Temporal is away');
  return ok(folder === wanted ? found : `${found}; the first start makes it`);
}

async function nearest(wanted: string): Promise<{ folder: string; isFolder: boolean; mode: number }> {
  try {
    const found = await stat(wanted);
    return { folder: wanted, isFolder: found.isDirectory(), mode: found.mode };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || path.dirname(wanted) === wanted) throw error;
    return nearest(path.dirname(wanted));
  }
}
