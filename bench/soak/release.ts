import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '../../test/helpers/eventually.js';
import { projectFolder } from '../servers/program.js';

/** For as long as a restart takes; the command fails where Temporal does not answer. */
const tryForMs = 60_000;

/**
 * An operator releases what surely was not sent; an uncertain reply stays parked. Returns how many the command released that went through.
 *
 * @param commandEnv what the command needs to find the product
 */
export async function releaseFailed(commandEnv: Record<string, string>): Promise<number> {
  const env = { PATH: process.env['PATH'] ?? '', ...commandEnv };
  const command = () => promisify(execFile)(process.execPath, ['dist/cli/main.js', 'retry', '--all', '--rate', '10', '--json'], { cwd: projectFolder, env });
  const { stdout } = await eventually(command, { withinMs: tryForMs });
  return (JSON.parse(stdout) as { released: number }).released;
}
