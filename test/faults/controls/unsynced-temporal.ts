import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TemporalProgram } from '../../../src/temporal/dev-server/program.js';

/**
 * The Temporal server as the product starts it, but for `synchronous=NORMAL`. The power-cut test must see it lose
 * runs.
 */
export async function unsyncedTemporal({
  path: real,
  serverVersion,
}: TemporalProgram): Promise<{ binary: TemporalProgram; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-unsynced-'));
  const file = path.join(folder, 'temporal');
  await writeFile(file, `#!/bin/bash\nexec '${real}' "\${@/synchronous=FULL/synchronous=NORMAL}"\n`);
  await chmod(file, 0o755);
  return { binary: { path: file, serverVersion }, remove: () => rm(folder, { recursive: true, force: true }) };
}
