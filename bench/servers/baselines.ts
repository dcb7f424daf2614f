import path from 'node:path';
import { freePort } from '../../test/helpers/free-port.js';
import type { Served } from './answerback.js';
import { answers, projectFolder, startProgram } from './program.js';

export async function startBareKoa(folder: string): Promise<Served> {
  const port = await freePort();
  const env = { PORT: String(port) };
  const program = startProgram(process.execPath, ['--import', 'tsx', 'bench/baselines/bare-koa.ts'], { env, folder, name: 'bare-koa' });
  await answers(program, port);
  return { port, program };
}

/** The original design on uvloop and httptools, without an access log, in its favour. */
export async function startOriginal(folder: string, python: string): Promise<Served> {
  const port = await freePort();
  const appFolder = path.join(projectFolder, 'bench/baselines');
  const args = ['-B', '-m', 'uvicorn', '--app-dir', appFolder, 'original:app', '--port', String(port), '--log-level', 'warning', '--no-access-log'];
  const program = startProgram(python, args, { env: {}, folder, name: 'original' });
  await answers(program, port);
  return { port, program };
}
