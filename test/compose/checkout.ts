import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyProject } from '../helpers/project-files.js';

/** A copy of the project as a fresh clone has it. */
export async function checkOut(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-compose-'));
  copyProject(folder);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
