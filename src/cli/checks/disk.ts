import { access, constants, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { fail, type Finding, ok, warn } from './check.js';

/** With less free space than this, the api responds with 503. */
const minFreeMb = 64;
const lowFreeMb = 1_024;

/** Checks DATA_DIR, or its nearest parent folder before the first start has created it. */
export async function checkDisk(dataDir: string): Promise<Finding> {
  const wanted = path.resolve(dataDir);
  const { folder, isFolder, mode, isOwn } = await nearest(wanted);
  const todo = 'set DATA_DIR to a folder that this user can write to';
  if (!isFolder) return fail(`${folder} is not a folder`, todo);
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return fail(`${folder} is not writable (${(error as NodeJS.ErrnoException).code})`, todo);
  }
  const { bavail, bsize } = await statfs(folder);
  const freeMb = Math.floor((bavail * bsize) / 1_048_576);
  const found = `${wanted}: ${freeMb} MB free`;
  if (freeMb < minFreeMb) return fail(found, `free some space: below ${minFreeMb} MB posts are refused`);
  // A volume of Kubernetes is root's and can't be changed; the files in it are closed to others all the same.
  if (folder === wanted && isOwn && (mode & 0o077) !== 0)
    return warn(`${found}; other users of this machine can read it`, `chmod 700 ${wanted}`);
  if (freeMb < lowFreeMb)
    return warn(found, 'free some space: messages are stored there while Temporal is unavailable');
  return ok(folder === wanted ? found : `${found}; the first start creates it`);
}

interface Nearest {
  folder: string;
  isFolder: boolean;
  mode: number;
  /** Whether it belongs to this user. */
  isOwn: boolean;
}

async function nearest(wanted: string): Promise<Nearest> {
  try {
    const found = await stat(wanted);
    const isOwn = found.uid === process.getuid?.();
    return { folder: wanted, isFolder: found.isDirectory(), mode: found.mode, isOwn };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || path.dirname(wanted) === wanted) throw error;
    return nearest(path.dirname(wanted));
  }
}
