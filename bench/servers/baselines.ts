import path from 'node:path';
import { freePort } from '../../test/kit/ports.js';
import { projectFolder } from '../../test/kit/program.js';
import type { Served } from './answerback.js';
import { waitUntilOpen, startProgram } from './program.js';

export async function startFloor(folder: string): Promise<Served> {
  const port = await freePort();
  const args = ['--import', 'tsx', 'bench/baselines/floor.ts', path.join(folder, 'floor.log')];
  const program = startProgram(process.execPath, args, { env: { PORT: String(port) }, folder, name: 'floor' });
  await waitUntilOpen(program, port);
  return { port, program };
}

/** The original design on uvloop and httptools, without an access log, in its favour. */
export async function startOriginal(folder: string, python: string): Promise<Served> {
  const port = await freePort();
  const appFolder = path.join(projectFolder, 'bench/baselines');
  const args = [
    '-B',
    '-m',
    'uvicorn',
    '--app-dir',
    appFolder,
    'original:app',
    '--port',
    String(port),
    '--log-level',
    'warning',
    '--no-access-log',
  ];
  const program = startProgram(python, args, { env: {}, folder, name: 'original' });
  await waitUntilOpen(program, port);
  return { port, program };
}
