import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';

export type OnFinished = TestContext['onTestFinished'];

export async function sync(folder: string): Promise<void> {
  await promisify(execFile)('sync', ['--file-system', folder]);
}
