import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFolder } from '../kit/program.js';

/** Builds the product, which the tests start as a user does. */
export default async function setup() {
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: projectFolder });
}
