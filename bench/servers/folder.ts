import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { leftOverServer } from '../../test/helpers/product.js';
import { projectFolder } from './program.js';

const tmpfs = 0x01021994;

/** A folder beside the project, which is on a disk where a system's /tmp may be memory. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const parent = path.join(projectFolder, 'node_modules', '.cache');
  await mkdir(parent, { recursive: true });
  if ((await statfs(parent)).type === tmpfs) console.log('NOTE: the project lies in memory (tmpfs), so an fsync costs nothing here');
  const folder = await mkdtemp(path.join(parent, 'bench-'));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Ends a Temporal server that was left behind in a data folder by a run that went wrong. */
export async function endLeftOverServer(dataDir: string): Promise<void> {
  const pid = await leftOverServer(dataDir);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
}
