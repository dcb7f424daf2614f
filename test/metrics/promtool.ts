import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Without promtool its tests are left out, except in CI, where they fail. */
export const isWithoutPromtool = spawnSync('promtool', ['--version']).error !== undefined && !process.env['CI'];

if (isWithoutPromtool)
  console.warn(
    "Skipped for want of promtool: the test of what the alerts fire on. It is in Debian's package prometheus.",
  );

/** Runs `promtool test rules` on a file; fails with what it says when an alert does otherwise than the file has it. */
export async function testRules(file: string): Promise<void> {
  await promisify(execFile)('promtool', ['test', 'rules', file]);
}
