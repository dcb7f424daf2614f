import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { WrittenText } from '../../../src/demo/simulated-gateway/dialect.js';
import { leftOverServer } from '../../kit/data-folder.js';
import { eventually } from '../../kit/eventually.js';
import { startLoad } from './load.js';
import type { Running } from './running.js';

/**
 * Runs `answerback backup` while texts come in. Temporal stands still until the inbox is copied, so that texts wait
 * there, and runs again while its own database is copied.
 */
export async function backUpUnderLoad(running: Running, { dataDir, to }: { dataDir: string; to: string }) {
  const server = await eventually(() => leftOverServer(dataDir));
  process.kill(server, 'SIGSTOP');
  const load = startLoad(running.post);
  let waited: WrittenText[];
  try {
    await eventually(() => load.acknowledged.length >= 20, { withinMs: 60_000 });
    waited = [...load.acknowledged];
    const backup = running.answerback('backup', to);
    await eventually(() => isBegun(path.dirname(to), 'inbox.sqlite'), { withinMs: 60_000 });
    process.kill(server, 'SIGCONT');
    await backup;
  } finally {
    process.kill(server, 'SIGCONT');
    await load.stop();
  }
  return { waited, acknowledged: load.acknowledged };
}

/** Whether the unfinished backup has begun with a file. SQLite copies what was there when it began. */
async function isBegun(folder: string, name: string): Promise<boolean> {
  const unfinished = (await readdir(folder)).find((each) => each.includes('.unfinished-'));
  if (unfinished === undefined) return false;
  return stat(path.join(folder, unfinished, name)).then(
    ({ size }) => size > 0,
    () => false,
  );
}
