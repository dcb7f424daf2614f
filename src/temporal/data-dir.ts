import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../process.js';

/**
 * Makes the folder for everything that must survive a restart, readable by this user only, and returns its full path.
 *
 * @throws {OperatorError} when it cannot be written
 */
export async function prepareDataDir(dataDir: string): Promise<string> {
  const folder = path.resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(`The data folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}): set DATA_DIR to one that can`);
  }
  return folder;
}
