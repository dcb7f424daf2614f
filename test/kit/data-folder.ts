import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TemporaryFolder {
  path: string;
  remove: () => Promise<void>;
}

/** A folder with a name of its own, in the system's folder for temporary files unless another one is named. */
export async function temporaryFolder(name: string, parent = tmpdir()): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(parent, `answerback-${name}-`));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A data folder for one test. `remove` also ends a Temporal server that a killed run has left in it. */
export async function dataFolder(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder('data');
  return {
    path: folder.path,
    async remove() {
      await endLeftOverServer(folder.path);
      await folder.remove();
    },
  };
}

/** Kills the Temporal server that a killed run has left in a data folder, if there is one. */
export async function endLeftOverServer(folder: string): Promise<void> {
  const left = await leftOverServer(folder);
  if (left !== undefined) process.kill(left, 'SIGKILL');
}

/** The process id of the Temporal server that is recorded in a data folder. */
export async function leftOverServer(folder: string): Promise<number | undefined> {
  try {
    const { pid } = JSON.parse(await readFile(path.join(folder, 'temporal-server.json'), 'utf8')) as { pid: number };
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}
