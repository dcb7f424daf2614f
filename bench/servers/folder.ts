import { mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../test/kit/data-folder.js';
import { projectFolder } from '../../test/kit/program.js';

const tmpfs = 0x01021994;

/** A folder beside the project, which is on a disk even where a system's /tmp is memory. */
export async function folderOnDisk(): Promise<{ path: string; remove(): Promise<void> }> {
  const parent = path.join(projectFolder, 'node_modules', '.cache');
  await mkdir(parent, { recursive: true });
  if ((await statfs(parent)).type === tmpfs)
    console.log('NOTE: the project lies in memory (tmpfs), so an fsync costs nothing here');
  return temporaryFolder('bench', parent);
}
